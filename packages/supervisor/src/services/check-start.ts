import type { Supervision } from '../supervision.ts';
import { type Outcomes, settleAll } from './outcomes.ts';
import { definitionsToStart, type StartInput } from './start.ts';
import { type StartedService, startService } from './start-service.ts';

/** Starts what does not run and leaves the rest as it is. Safe to repeat, also many at once. */
export async function checkStart(
  supervision: Supervision,
  input: Omit<StartInput, 'transient'>,
): Promise<Outcomes<StartedService>> {
  const definitions = await definitionsToStart(supervision, input);
  const options = { keep: true, onWaiting: input.onWaiting };
  return settleAll(definitions, (definition) => startService(supervision, definition, options));
}
