import type { Candle } from '@candle/core';
import type * as supervisor from '@candle/supervisor';
import type { McpHost } from '../host.ts';
import type { CallProgress } from './call-progress.ts';
import type { ClientRoots } from './client-roots.ts';
import { findCallProject } from './find-call-project.ts';

/** The use cases that start, stop and read services, and what they work on. */
export type Supervised = typeof supervisor & {
  readonly supervision: supervisor.Supervision;
  /** For those that stop something: what they wait for becomes progress. */
  readonly onWaiting: supervisor.OnWaiting;
};

/** What a tool works with in one call. */
export interface ToolContext {
  /** Ends waits, not work: with the reason of whoever gave the call up. */
  readonly signal: AbortSignal;
  readonly progress: Pick<CallProgress, 'say'>;
  candle(): Candle;
  /** The real path of the project that the input is about, asked anew for each call: configurations come and go. */
  findProjectDir(input: { projectDir?: string | undefined }, options: { allowNew: boolean }): Promise<string>;
  supervise(): Promise<Supervised>;
}

export function toolContext(
  host: McpHost,
  callerEnv: supervisor.Supervision['callerEnv'],
  call: { signal: AbortSignal; progress: Pick<CallProgress, 'say'>; roots: ClientRoots },
): ToolContext {
  const { signal, progress, roots } = call;
  return {
    signal,
    progress,
    candle: () => host.candle(),
    findProjectDir: ({ projectDir }, options) => findCallProject(host, roots, projectDir, options),
    supervise: async () => {
      const useCases = await host.services();
      const { supervisorProgram } = host;
      const supervision = await useCases.superviseWith(host.candle(), { callerEnv, supervisorProgram });
      await useCases.reviveSupervisor(supervision).catch(() => undefined);
      const onWaiting: supervisor.OnWaiting = ({ serviceName }, news) => {
        if (news.kind !== 'waiting') return;
        progress.say(`Waiting for '${serviceName}' to end: ${useCases.describeProcesses(news.processes)}`);
      };
      return { ...useCases, supervision, onWaiting };
    },
  };
}
