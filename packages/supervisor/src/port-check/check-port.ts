import type { Hint, Run } from '@candle/core';
import { findPortOwners } from '../ports/find-port-owners.ts';
import type { PortOwner } from '../ports/port-report.ts';
import { readinessOf } from '../readiness/await-ready.ts';
import type { Supervision } from '../supervision.ts';
import { type InspectOptions, inspectPort } from './inspect-port.ts';
import type { PortCheck } from './port-check.ts';

export interface CheckedPort extends Omit<PortCheck, 'owner'> {
  /** The other process on the reserved port if the status is `conflict`; also null if that process has gone in the meantime. */
  readonly owner: PortOwner | null;
  /** There is nothing to report: the status is `ok`, or `not-listening` for a service that need not listen (`"ready": false`). */
  readonly isFine: boolean;
  /** What to do about it, as a sentence with something to paste. Null if the port check is fine. */
  readonly fix: Hint | null;
}

/**
 * Checks how a live run uses its reserved port now, and what to do about it. Null without a reserved port, and while the run is
 * starting or stopping. `run` must have the observed status. Writes nothing.
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
  // Loaded on demand: it is large, and most port checks are fine.
  const { findFix } = await import('./fixes/find-fix.ts');
  const fix = await findFix(supervision, run, inspected);
  return { ...portCheck, owner: await findPortOwner(supervision, portCheck), isFine, fix };
}

async function findPortOwner(supervision: Supervision, { port, owner }: PortCheck): Promise<PortOwner | null> {
  if (owner === null) return null;
  const owners = await findPortOwners(supervision, [port]);
  return owners.find(({ pid, uid }) => (owner.pid === undefined ? uid === owner.uid : pid === owner.pid)) ?? null;
}
