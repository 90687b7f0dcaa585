import type { Pair } from '../measure/take-pairs.ts';
import type { Workbench } from '../workbench/workbench.ts';

/** What is to be reached: a multiple of the baseline at most, or so many milliseconds more than it. */
export type Aim = { readonly ratio: number } | { readonly extraMs: number };

/** One line of the report. */
export interface Figure {
  readonly title: string;
  readonly baseline: string;
  readonly aim: Aim;
  measure(bench: Workbench): Promise<readonly Pair[]>;
}
