import type { Run } from '@candle/core';
import { findHoldings } from '../ports/find-holdings.ts';
import type { PortHolding } from '../ports/port-report.ts';
import { readinessOf } from '../readiness/await-ready.ts';
import type { Supervision } from '../supervision.ts';
import type { Contract } from './contract.ts';
import { type LookOptions, lookAtContract } from './look-at-contract.ts';

export interface ObservedContract extends Omit<Contract, 'holder'> {
  /** Who else listens on the reserved port, when it is `held`; null also when that one has gone meanwhile. */
  readonly holder: PortHolding | null;
  /** Nothing is to be said about it: it is honoured, or silent where nobody asks for a listener (`"ready": false`). */
  readonly isFine: boolean;
  /** What to do about it: a sentence with something to type. Null when it is fine. */
  readonly remedy: string | null;
}

/**
 * What a living run makes of its reserved port now, and what to do about that; null when it has none, and while its start
 * or its stop is under way. `run` has the status that was observed. Writes nothing.
 */
export async function observeContract(
  supervision: Supervision,
  run: Run,
  options: LookOptions = {},
): Promise<ObservedContract | null> {
  if (run.status === 'starting' || run.status === 'stopping') return null;
  const looked = await lookAtContract(supervision, run, options);
  if (!looked) return null;
  const { contract } = looked;
  if (contract.state === 'honoured') return { ...contract, holder: null, isFine: true, remedy: null };
  const isFine = contract.state === 'silent' && readinessOf(supervision, run).ready.kind === 'none';
  if (isFine) return { ...contract, holder: null, isFine, remedy: null };
  // Imported late: most contracts are honoured, and it is much to load.
  const { findRemedy } = await import('./remedies/find-remedy.ts');
  const remedy = await findRemedy(supervision, run, looked);
  return { ...contract, holder: await findHolding(supervision, contract), isFine, remedy };
}

async function findHolding(supervision: Supervision, { port, holder }: Contract): Promise<PortHolding | null> {
  if (holder === null) return null;
  const holdings = await findHoldings(supervision, [port]);
  return holdings.find(({ pid, uid }) => (holder.pid === undefined ? uid === holder.uid : pid === holder.pid)) ?? null;
}
