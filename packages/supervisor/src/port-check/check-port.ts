import type { Run } from '@candle/core';
import { findPortOwners } from '../ports/find-port-owners.ts';
import type { PortOwner } from '../ports/port-report.ts';
import { readinessOf } from '../readiness/await-ready.ts';
import type { Supervision } from '../supervision.ts';
import { type InspectOptions, inspectPort } from './inspect-port.ts';
import type { PortCheck } from './port-check.ts';

export interface CheckedPort extends Omit<PortCheck, 'owner'> {
  /** Who else listens on the reserved port, when it is `held`; null also when that one has gone meanwhile. */
  readonly owner: PortOwner | null;
  /** Nothing is to be said about it: it is honoured, or silent where nobody asks for a listener (`"ready": false`). */
  readonly isFine: boolean;
  /** What to do about it: a sentence with something to type. Null when it is fine. */
  readonly fix: string | null;
}

/**
 * What a living run makes of its reserved port now, and what to do about that; null when it has none, and while its start
 * or its stop is under way. `run` has the status that was observed. Writes nothing.
 */
export async function checkPort(
  supervision: Supervision,
  run: Run,
  options: InspectOptions = {},
): Promise<CheckedPort | null> {
  if (run.status === 'starting' || run.status === 'stopping') return null;
  const inspected = await inspectPort(supervision, run, options);
  if (!inspected) return null;
  const { portCheck } = inspected;
  if (portCheck.status === 'ok') return { ...portCheck, owner: null, isFine: true, fix: null };
  const isFine = portCheck.status === 'not-listening' && readinessOf(supervision, run).ready.kind === 'none';
  if (isFine) return { ...portCheck, owner: null, isFine, fix: null };
  // Imported late: most contracts are honoured, and it is much to load.
  const { findFix } = await import('./fixes/find-fix.ts');
  const fix = await findFix(supervision, run, inspected);
  return { ...portCheck, owner: await findPortOwner(supervision, portCheck), isFine, fix };
}

async function findPortOwner(supervision: Supervision, { port, owner }: PortCheck): Promise<PortOwner | null> {
  if (owner === null) return null;
  const owners = await findPortOwners(supervision, [port]);
  return owners.find(({ pid, uid }) => (owner.pid === undefined ? uid === owner.uid : pid === owner.pid)) ?? null;
}
