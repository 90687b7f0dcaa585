import {
  type Outcomes,
  type StartedDocument,
  type StartedService,
  startedDocument,
  throwFailures,
} from '@candle/supervisor';
import type { ToolContext } from './tool-context.ts';

/** What the use cases that start something are told of the call. */
export function startOptions({ signal, onWaiting, progress }: ToolContext, what: string, wait: number | undefined) {
  const waitMs = wait === undefined ? undefined : wait * 1000;
  progress.say(`Starting ${what}`, waitMs);
  return { signal, onWaiting, waitMs };
}

/** @throws what failed */
export function startedServicesDocument(outcomes: Outcomes<StartedService>): { services: readonly StartedDocument[] } {
  throwFailures(outcomes);
  return { services: outcomes.done.map(startedDocument) };
}
