import type { Candle, CandleError, Project } from '@candle/core';
import type * as supervisor from '@candle/supervisor';
import type { Interfaces } from '@oclif/core';

/**
 * What the candle CLI gives to every command, its own and those of plugins, through oclif's config: so that a plugin
 * carries neither a second SQLite nor a second core.
 */
export interface CandleHost {
  /** Absolute; it may be gone. */
  readonly currentDirectory: string;
  /** Where the state is, whether or not anything is there. @throws when nothing says where */
  stateDir(): string;
  /** The ledger and the edges of the system; opened at the first call, closed by the host. */
  candle(): Candle;
  /** Which project the command is about. `dir` is what `--project` said, else the current directory. */
  findProject(question: { dir?: string | undefined; allowNew: boolean }): Promise<Project>;
  /** Why the configuration of a project cannot be read; undefined when it can, or there is none. */
  findConfigProblem(projectDir: string): Promise<CandleError | undefined>;
  /** The use cases that start, stop and read services; loaded at the first call. */
  services(): Promise<typeof supervisor>;
  /** How the background process is started that keeps the services' output. */
  readonly supervisorProgram: supervisor.SupervisorProgram;
  /** Writes a failure to the terminal, or as `{"error": …}` to stdout, and returns the exit code. */
  presentError(error: unknown, options: { json: boolean }): number;
}

const key = Symbol.for('candle.host');

/** Options to load oclif's config with. The host travels in them, because oclif makes a new config for each command. */
export function withHost(options: Interfaces.Options, host: CandleHost): Interfaces.Options {
  return Object.assign({ ...options }, { [key]: host });
}

/**
 * The host behind a command's config.
 * @throws when the command does not run inside the candle CLI
 */
export function hostOf(config: { readonly options: object }): CandleHost {
  const host = (config.options as { [key]?: CandleHost })[key];
  if (!host) throw new Error('This command runs inside the candle CLI only: candle plugins link .');
  return host;
}
