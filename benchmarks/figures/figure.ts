import type { Pair } from '../measure/take-pairs.ts';
import type { Workbench } from '../workbench/workbench.ts';

/** What is to be reached: a multiple of the baseline at most, or so many milliseconds more than it. */
export type Aim = { readonly ratio: number } | { readonly extraMs: number };

/** Tells something beside the table, for example how much was lost. */
export type Note = (text: string) => void;

interface FigureParts {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  /** Left out unless it is asked for: `--all`, or `--only` with its name. */
  readonly isSlow?: boolean;
}

/** Milliseconds of one thing and of what it is compared to. */
export interface PairFigure extends FigureParts {
  readonly baseline: string;
  /** None: the figure is told, and there is nothing to miss. */
  readonly aim?: Aim;
  measure(bench: Workbench, note: Note): Promise<readonly Pair[]>;
}

/** Something that is what it is. */
export interface ValueFigure extends FigureParts {
  readonly unit: 'ms' | 'MB' | '%';
  /** For the median. */
  readonly max: number;
  take(bench: Workbench, note: Note): Promise<readonly number[]>;
}

/** One line of the report. */
export type Figure = PairFigure | ValueFigure;
