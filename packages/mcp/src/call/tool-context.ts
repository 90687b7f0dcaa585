import type { Candle } from '@candle/core';
import {
  describeProcesses,
  type OnWaiting,
  reviveSupervisor,
  type Supervision,
  superviseWith,
} from '@candle/supervisor';
import type { McpHost } from '../host.ts';
import type { CallProgress } from './call-progress.ts';
import type { ClientRoots } from './client-roots.ts';
import { findCallProject } from './find-call-project.ts';

/** What a tool works with in one call. */
export interface ToolContext {
  /** Ends waits, not work: with the reason of whoever gave the call up. */
  readonly signal: AbortSignal;
  readonly progress: Pick<CallProgress, 'say'>;
  candle(): Candle;
  /** The real path of the project that the input is about, asked anew for each call: configurations come and go. */
  findProjectDir(input: { projectDir?: string | undefined }, options: { allowNew: boolean }): Promise<string>;
  supervise(): Promise<Supervision>;
  /** For use cases that stop something: what they wait for becomes progress. */
  readonly onWaiting: OnWaiting;
}

export function toolContext(
  host: McpHost,
  callerEnv: Supervision['callerEnv'],
  call: { signal: AbortSignal; progress: Pick<CallProgress, 'say'>; roots: ClientRoots },
): ToolContext {
  const { signal, progress, roots } = call;
  return {
    signal,
    progress,
    candle: () => host.candle(),
    findProjectDir: ({ projectDir }, options) => findCallProject(host, roots, projectDir, options),
    supervise: async () => {
      const supervision = await superviseWith(host.candle(), { callerEnv, supervisorProgram: host.supervisorProgram });
      await reviveSupervisor(supervision).catch(() => undefined);
      return supervision;
    },
    onWaiting: ({ serviceName }, news) => {
      if (news.kind === 'waiting') {
        progress.say(`Waiting for '${serviceName}' to end: ${describeProcesses(news.processes)}`);
      }
    },
  };
}
