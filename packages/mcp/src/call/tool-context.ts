import { type Candle, candleForCall } from '@candle/core';
import type { McpHost, Supervised } from '../host.ts';
import type { CallProgress } from './call-progress.ts';
import { type ClientRoots, findCallProject } from './find-call-project.ts';

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
  call: { signal: AbortSignal; progress: Pick<CallProgress, 'update'>; roots: ClientRoots },
): ToolContext {
  const { signal, progress, roots } = call;
  const candle = () => candleForCall(host.candle());
  return {
    signal,
    progress,
    candle,
    findProjectDir: ({ projectDir }, options) => findCallProject(host, roots, projectDir, options),
    supervise: () => host.supervise(candle(), (text) => progress.update(text)),
  };
}
