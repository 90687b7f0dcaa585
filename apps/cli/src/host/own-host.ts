import type { CandleHost, ProjectQuestion } from '@candle/cli-kit';
import type { Candle } from '@candle/core/candle';
import type { CandleError } from '@candle/core/errors';
import type { Project, Trust } from '@candle/core/projects';
import type * as supervisor from '@candle/supervisor';

/** The host of Candle's own commands, with direct access to the database and the use cases. Not part of the plugin API. */
export interface OwnHost extends CandleHost {
  /** The state directory, which may not exist. @throws if it cannot be determined */
  stateDir(): string;
  /** The database and the system interfaces; opened at the first call, closed by the host. */
  candle(): Candle;
  /** Whose configurations this process uses. */
  readonly trust: Trust;
  findProject(question?: ProjectQuestion): Promise<Project>;
  findConfigProblem(projectDir: string): Promise<CandleError | undefined>;
  /** The use cases that start, stop and read services; loaded at the first call. */
  useCases(): Promise<typeof supervisor>;
  /** How to start the background process that stores the output of services. */
  readonly supervisorProgram: supervisor.SupervisorProgram;
}
