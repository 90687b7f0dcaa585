import type { Candle, Project } from '@candle/core';
import type * as supervisor from '@candle/supervisor';

/** What the tools need from the program that serves them. The CLI's host implements it. */
export interface McpHost {
  /** The database and the system interfaces. Opened at the first call, closed by the host. */
  candle(): Candle;
  /** Command that starts the background process that keeps the services' output. */
  readonly supervisorProgram: supervisor.Supervision['supervisorProgram'];
  /** The use cases that start, stop and read services. Loaded at the first call that needs them. */
  services(): Promise<typeof supervisor>;
  /**
   * Finds the project that a directory belongs to. `dir` comes from the call; if omitted, the server's own directory.
   */
  findProject(question: { dir?: string | undefined; allowNew: boolean }): Promise<Project>;
  /** True if the server was started for a specific project; the client's roots are then not requested. */
  readonly isProjectGiven: boolean;
}
