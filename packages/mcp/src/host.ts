import type { Candle, Project } from '@candle/core';
import { reviveSupervisor, type Supervision, superviseWith } from '@candle/supervisor';

/** What the tools need of the program that serves them. The CLI's host has it. */
export interface McpHost {
  /** The ledger and the edges of the system; opened at the first call, closed by the host. */
  candle(): Candle;
  /** How the background process is started that keeps the services' output. */
  readonly supervisorProgram: Supervision['supervisorProgram'];
  /** Which project a call is about. `dir` is what the call said; left out, the server's own. */
  findProject(question: { dir?: string | undefined; allowNew: boolean }): Promise<Project>;
}

/** What a tool works with. */
export interface ToolContext {
  candle(): Candle;
  /** The real path of the project that the input is about, asked anew for each call: configurations come and go. */
  findProjectDir(input: { projectDir?: string | undefined }, options: { allowNew: boolean }): Promise<string>;
  supervise(): Promise<Supervision>;
}

export function toolContext(host: McpHost, callerEnv: Supervision['callerEnv']): ToolContext {
  return {
    candle: () => host.candle(),
    findProjectDir: async ({ projectDir }, { allowNew }) => (await host.findProject({ dir: projectDir, allowNew })).dir,
    supervise: async () => {
      const supervision = await superviseWith(host.candle(), { callerEnv, supervisorProgram: host.supervisorProgram });
      await reviveSupervisor(supervision).catch(() => undefined);
      return supervision;
    },
  };
}
