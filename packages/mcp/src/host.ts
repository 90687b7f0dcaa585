import type { Candle, Project } from '@candle/core';
import type * as supervisor from '@candle/supervisor';

/** What the tools need of the program that serves them. The CLI's host has it. */
export interface McpHost {
  /** The ledger and the edges of the system; opened at the first call, closed by the host. */
  candle(): Candle;
  /** How the background process is started that keeps the services' output. */
  readonly supervisorProgram: supervisor.Supervision['supervisorProgram'];
  /** The use cases that start, stop and read services; loaded at the first call that needs them. */
  services(): Promise<typeof supervisor>;
  /** Which project a directory belongs to. `dir` is what the call said; left out, the server's own. */
  findProject(question: { dir?: string | undefined; allowNew: boolean }): Promise<Project>;
  /** The server was told its project, so that the client's directories are not asked for. */
  readonly isProjectGiven: boolean;
}
