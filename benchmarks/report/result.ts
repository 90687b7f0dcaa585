import type { Figure } from '../figures/figure.ts';
import type { Pair } from '../measure/take-pairs.ts';

/** A figure and what came of it: its pairs, or why it could not be measured. */
export type Result = { readonly figure: Figure } & ({ readonly pairs: readonly Pair[] } | { readonly failure: string });
