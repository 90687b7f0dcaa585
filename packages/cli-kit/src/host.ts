import { apiVersion } from './api-version.ts';
import type { CandleFailure } from './errors.ts';
import { ApiMismatchError, OutsideCandleError } from './host-errors.ts';
import type { Presenters } from './present.ts';
import type { Project, ProjectQuestion } from './project.ts';
import type { Reservations } from './reservations.ts';
import type { Services } from './services.ts';

/**
 * What the candle CLI gives to every command. It travels in oclif's config, so that a plugin carries neither a second
 * SQLite nor a second core. Nothing of it is opened or loaded before it is called, and all of it is closed by the CLI.
 */
export interface CandleHost {
  /** The major version of `@candle/cli-kit` that this CLI speaks. */
  readonly apiVersion: number;
  /** Of `@candle/cli`: `1.4.2`. */
  readonly candleVersion: string;
  /** Absolute; it may be gone. */
  readonly currentDirectory: string;
  /**
   * Which project a directory belongs to: the nearest with a `.candle.json` upwards, else the nearest that the ledger
   * knows, else, where a new one is allowed, its git work tree or the directory itself.
   * @throws PROJECT_NOT_FOUND, PROJECT_GONE, PROJECT_TOO_WIDE, PROJECT_NOT_A_DIRECTORY
   */
  findProject(question?: ProjectQuestion): Promise<Project>;
  /** Why the `.candle.json` of a project cannot be read; undefined when it can, or there is none. */
  findConfigProblem(projectDir: string): Promise<CandleFailure | undefined>;
  readonly reservations: Reservations;
  readonly services: Services;
  readonly present: Presenters;
}

const key: unique symbol = Symbol.for('candle.host');

/**
 * Options to load oclif's config with. The host travels in them, because an oclif of another version, as a plugin may
 * bring one, makes a new config of them for its commands.
 * @internal
 */
export function withHost<T extends object>(options: T, host: CandleHost): T {
  return Object.assign({ ...options }, { [key]: host });
}

/** What has a host: the `config` of a command. */
export interface HostCarrier {
  readonly options: object;
}

/** Whose command it is, for the sentence of a refusal. */
export interface PluginOfCommand {
  readonly name: string;
  readonly version: string;
}

/**
 * The host behind a command's config.
 * @throws PLUGIN_OUTSIDE_CANDLE when the command does not run inside the candle CLI, PLUGIN_API_MISMATCH when that is of
 * another major version than this package
 */
export function hostOf(config: HostCarrier, plugin?: PluginOfCommand): CandleHost {
  const host = (config.options as { [key]?: CandleHost })[key];
  if (!host) throw new OutsideCandleError();
  return sameApi(host, plugin);
}

/**
 * The host itself, when it is the one that this package was made for.
 * @throws PLUGIN_API_MISMATCH
 * @internal
 */
export function sameApi(host: CandleHost, plugin?: PluginOfCommand): CandleHost {
  if (host.apiVersion !== apiVersion) throw new ApiMismatchError(host, plugin);
  return host;
}
