import type { StartDocument, StartedServices, StartInput } from '@candle/supervisor';
import type { Supervised, ToolContext } from './tool-context.ts';

interface Starting {
  /** For the client's progress: "'api'". */
  readonly what: string;
  /** Seconds. */
  readonly wait: number | undefined;
}

/**
 * What the tools share that start something: how the call is cut short, what becomes progress, and the answer.
 * @throws what failed
 */
export async function startServices(
  context: ToolContext,
  { what, wait }: Starting,
  begin: (parts: Supervised, options: Pick<StartInput, 'signal' | 'onWaiting' | 'waitMs'>) => Promise<StartedServices>,
): Promise<StartDocument> {
  const { signal, progress } = context;
  const waitMs = wait === undefined ? undefined : wait * 1000;
  progress.say(`Starting ${what}`, waitMs);
  const parts = await context.supervise();
  const outcomes = await begin(parts, { signal, onWaiting: parts.onWaiting, waitMs });
  parts.throwFailures(outcomes);
  return parts.startDocument(outcomes);
}
