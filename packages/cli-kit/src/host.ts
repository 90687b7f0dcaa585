import { apiVersion, kitVersion } from './api-version.ts';
import { type CandleFailure, PluginError } from './errors.ts';
import type { Reservations } from './reservations.ts';
import type { Services } from './services.ts';

/**
 * What the candle CLI provides to every command. It is passed in oclif's config, so that plugins do not need their own
 * copies of SQLite and the core. Everything is opened or loaded when first called, and closed by the CLI.
 */
export interface CandleHost {
  /** The major version of `@candle/cli-kit` that this CLI supports. */
  readonly apiVersion: number;
  /** Version of `@candle/cli`: `1.4.2`. */
  readonly candleVersion: string;
  /** Absolute path; the directory may no longer exist. */
  readonly currentDirectory: string;
  /**
   * Finds the project that a directory belongs to. Searching upwards, this is the nearest directory with a
   * `.candle.json`, else the nearest one in the database, else, if new projects are allowed, the Git work tree or the
   * directory itself. Above the Git work tree, a `.candle.json` that other users can change does not count.
   * @throws PROJECT_NOT_FOUND, PROJECT_GONE, PROJECT_TOO_WIDE, PROJECT_NOT_A_DIRECTORY
   */
  findProject(question?: ProjectQuestion): Promise<Project>;
  /**
   * Returns why the `.candle.json` of a project, or one above it that the search passed over, cannot be used; undefined if it
   * can, or if there is none.
   */
  findConfigProblem(projectDir: string): Promise<CandleFailure | undefined>;
  readonly reservations: Reservations;
  readonly services: Services;
  readonly present: Presenters;
}

const key: unique symbol = Symbol.for('candle.host');

/**
 * Adds the host to the options for loading oclif's config. The options carry the host because a plugin may have another
 * version of oclif, which creates a new config from the options for its commands.
 * @internal
 */
export function withHost<T extends object>(options: T, host: CandleHost): T {
  return Object.assign({ ...options }, { [key]: host });
}

/** An object that carries the host: the `config` of a command. */
export interface HostCarrier {
  readonly options: object;
}

/** The plugin that a command belongs to, for error messages. */
export interface PluginOfCommand {
  readonly name: string;
  readonly version: string;
}

/**
 * Returns the host from a command's config.
 * @throws PLUGIN_OUTSIDE_CANDLE if the command does not run inside the candle CLI, PLUGIN_API_MISMATCH if the CLI has
 * another API version than this package
 */
export function hostOf(config: HostCarrier, plugin?: PluginOfCommand): CandleHost {
  const host = (config.options as { [key]?: CandleHost })[key];
  if (!host) throw new OutsideCandleError();
  return sameApi(host, plugin);
}

/**
 * Returns the host unchanged if it has the API version of this package.
 * @throws PLUGIN_API_MISMATCH
 * @internal
 */
export function sameApi(host: CandleHost, plugin?: PluginOfCommand): CandleHost {
  if (host.apiVersion !== apiVersion) throw new ApiMismatchError(host, plugin);
  return host;
}

export class OutsideCandleError extends PluginError {
  static readonly code = 'PLUGIN_OUTSIDE_CANDLE';
  static example() {
    return new OutsideCandleError();
  }

  constructor() {
    super({
      code: OutsideCandleError.code,
      message: 'This command can only run inside the candle CLI',
      hint: 'To use it as a plugin: candle plugins link .',
    });
  }
}

/** A plugin and a CLI have different API versions. The hint says how to update the older one. */
export class ApiMismatchError extends PluginError {
  static readonly code = 'PLUGIN_API_MISMATCH';
  static example() {
    const newer = { apiVersion: apiVersion + 1, candleVersion: `${apiVersion + 1}.2.0` };
    return new ApiMismatchError(newer, { name: '@ada/plugin-greet', version: '1.4.0' }, `${apiVersion}.9.3`);
  }

  constructor(
    host: Pick<CandleHost, 'apiVersion' | 'candleVersion'>,
    plugin: PluginOfCommand | undefined,
    kit: string = kitVersion(),
  ) {
    const name = plugin?.name;
    const isPluginOlder = apiVersion < host.apiVersion;
    super({
      code: ApiMismatchError.code,
      message: `${name === undefined ? 'This plugin' : `Plugin ${name} ${plugin?.version ?? ''}`.trim()} was built for candle ${apiVersion} (cli-kit ${kit}), but this is candle ${host.candleVersion}`,
      hint: isPluginOlder
        ? [
            'To update all plugins: candle plugins update',
            ...(name === undefined ? [] : [`To uninstall this one: candle plugins uninstall ${name}`]),
          ].join('\n')
        : 'To update Candle: npm install --global @candle/cli',
      details: { plugin: name ?? null, cliKitVersion: kit, candleVersion: host.candleVersion },
    });
  }
}

/** A directory whose services and ports belong together. */
export interface Project {
  /** Absolute path with symbolic links resolved. The directory may no longer exist. */
  readonly dir: string;
  /** `new`: it has neither a `.candle.json` nor a reservation yet. */
  readonly foundBy: 'config' | 'database' | 'new';
}

export interface ProjectQuestion {
  /** Directory to start from, absolute or relative to the current directory. Default: the current directory. */
  readonly dir?: string | undefined;
  /** Whether an unknown directory may become a new project. Otherwise it is rejected. */
  readonly allowNew?: boolean | undefined;
  /** Whether a project whose directory was deleted is refused. By default, the project is found. */
  readonly requireDirectory?: boolean | undefined;
}

/** Formats output like Candle's own commands. Only `error` prints. */
export interface Presenters {
  /** Rows as text, with columns aligned two spaces apart. The first row is the header, usually in capitals. */
  table(rows: readonly (readonly string[])[]): string;
  /** Milliseconds in the two largest units: `4s`, `3m 12s`, `2h 5m`, `4d 1h`. */
  duration(ms: number): string;
  /** Milliseconds since 1970 as a date and time in the local time zone. */
  time(ms: number): string;
  /** The known name that was most likely meant by a misspelled one, for "did you mean"; undefined if none is similar. */
  nearest(name: string, known: readonly string[]): string | undefined;
  /**
   * Prints an error like every command, as text to stderr or as `{"error": …}` to stdout, and returns the exit code.
   * {@link CandleCommand} calls it for everything that is thrown.
   */
  error(error: unknown, options: { readonly json: boolean }): number;
}
