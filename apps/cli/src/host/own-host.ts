import type { CandleHost } from '@candle/cli-kit';
import type { Candle, CandleError, Project } from '@candle/core';
import type * as supervisor from '@candle/supervisor';

/** The host as Candle's own commands know it: the ledger and the use cases themselves. Plugins are promised none of it. */
export interface OwnHost extends CandleHost {
  /** Where the state is, whether or not anything is there. @throws when nothing says where */
  stateDir(): string;
  /** The ledger and the edges of the system; opened at the first call, closed by the host. */
  candle(): Candle;
  findProject(question?: { dir?: string | undefined; allowNew?: boolean | undefined }): Promise<Project>;
  findConfigProblem(projectDir: string): Promise<CandleError | undefined>;
  /** The use cases that start, stop and read services; loaded at the first call. */
  useCases(): Promise<typeof supervisor>;
  /** How the background process is started that keeps the services' output. */
  readonly supervisorProgram: supervisor.SupervisorProgram;
}
