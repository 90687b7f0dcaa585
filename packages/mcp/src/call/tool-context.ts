import type { Candle } from '@candle/core';
import type * as supervisor from '@candle/supervisor';
import type { McpHost } from '../host.ts';
import type { CallProgress } from './call-progress.ts';
import { type ClientRoots, findCallProject } from './find-call-project.ts';

/** The use cases that start, stop and read services, and the supervision that they work on. */
export type Supervised = typeof supervisor & {
  readonly supervision: supervisor.Supervision;
  /** For use cases that stop services: reports what they wait for as progress. */
  readonly onWaiting: supervisor.OnWaiting;
};

/** What a tool has access to during one call. */
export interface ToolContext {
  /** Aborts waits, but not work that has begun. Its reason says who cancelled the call. */
  readonly signal: AbortSignal;
  readonly progress: Pick<CallProgress, 'update'>;
  candle(): Candle;
  /** Real path of the project of the call. Resolved again for each call, because configurations come and go. */
  findProjectDir(input: { projectDir?: string | undefined }, options: { allowNew: boolean }): Promise<string>;
  supervise(): Promise<Supervised>;
}

export function toolContext(
  host: McpHost,
  callerEnv: supervisor.Supervision['callerEnv'],
  call: { signal: AbortSignal; progress: Pick<CallProgress, 'update'>; roots: ClientRoots },
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
      const onWaiting: supervisor.OnWaiting = ({ serviceName }, event) => {
        if (event.kind !== 'waiting') return;
        progress.update(`Waiting for '${serviceName}' to exit: ${useCases.describeProcesses(event.processes)}`);
      };
      return { ...useCases, supervision, onWaiting };
    },
  };
}
