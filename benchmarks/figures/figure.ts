import type { Pair } from '../measure/take-pairs.ts';
import type { Workbench } from '../workbench/workbench.ts';

/** The limit to stay below: a maximum ratio to the baseline, or a maximum number of milliseconds more than it. */
export type Aim = { readonly ratio: number } | { readonly extraMs: number };

/** Adds a line below the table, for example how many lines were lost. */
export type Note = (text: string) => void;

interface FigureParts {
  /** Used by `--only`. */
  readonly name: string;
  readonly title: string;
  /** Measured only with `--all`, or with `--only` and its name. */
  readonly isSlow?: boolean;
}

/** A duration in milliseconds, compared to the duration of a baseline. */
export interface PairFigure extends FigureParts {
  readonly baseline: string;
  /** If omitted, the figure is only reported. */
  readonly aim?: Aim;
  measure(bench: Workbench, note: Note): Promise<readonly Pair[]>;
}

/** An absolute value without a baseline. */
export interface ValueFigure extends FigureParts {
  readonly unit: 'ms' | 'MB' | '%';
  /** Maximum of the median. */
  readonly max: number;
  take(bench: Workbench, note: Note): Promise<readonly number[]>;
}

/** One row of the report. */
export type Figure = PairFigure | ValueFigure;
