import type { StartDocument } from '@candle/documents';
import type { StartedServices, StartInput } from '@candle/supervisor';
import type { Supervised } from '../host.ts';
import type { ToolContext } from './tool-context.ts';

interface StartCall {
  /** Shown in the client's progress: "'api'". */
  readonly what: string;
  /** Seconds. */
  readonly wait: number | undefined;
}

/**
 * Shared by all tools that start services: handles cancellation, progress and the result.
 * @throws the failures of the services
 */
export async function startServices(
  context: ToolContext,
  { what, wait }: StartCall,
  begin: (parts: Supervised, options: Pick<StartInput, 'signal' | 'onWaiting' | 'waitMs'>) => Promise<StartedServices>,
): Promise<StartDocument> {
  const { signal, progress } = context;
  const waitMs = wait === undefined ? undefined : wait * 1000;
  progress.update(`Starting ${what}`, waitMs);
  const parts = await context.supervise();
  const outcomes = await begin(parts, { signal, onWaiting: parts.onWaiting, waitMs });
  parts.throwFailures(outcomes);
  return parts.startDocument(outcomes);
}
