import type { Run } from '@candle/core';
import type { Supervision } from '../../supervision.ts';
import type { LookedAtContract } from '../look-at-contract.ts';

export function findRemedy(_: Supervision, __: Run, ___: LookedAtContract): string | null {
  return null;
}
