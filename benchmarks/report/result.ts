import type { PairFigure, ValueFigure } from '../figures/figure.ts';
import type { Pair } from '../measure/take-pairs.ts';

/** A figure and its result: its pairs or values, or why it could not be measured. */
export type Result = { readonly notes: readonly string[] } & (
  | { readonly figure: PairFigure; readonly pairs: readonly Pair[] }
  | { readonly figure: ValueFigure; readonly values: readonly number[] }
  | { readonly figure: PairFigure | ValueFigure; readonly failure: string }
);
