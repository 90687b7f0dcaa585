import type { Aim } from '../figures/figure.ts';
import { median } from '../measure/statistics.ts';
import type { Pair } from '../measure/take-pairs.ts';
import type { Result } from './result.ts';

export const columns = [
  'figure',
  'runs',
  'median ms',
  'min–max',
  'compared to',
  'median ms',
  'min–max',
  'ratio',
  'aim',
  'result',
];

/** One line of the report, a text for each column. */
export function toRow(result: Result): readonly string[] {
  const { title, baseline, aim } = result.figure;
  if ('failure' in result)
    return [title, '0', '', '', baseline, '', '', '', showAim(aim), `not measured: ${result.failure}`];
  const measured = result.pairs.map((pair) => pair.measured);
  const compared = result.pairs.map((pair) => pair.baseline);
  const found = findValue(aim, result.pairs);
  return [
    title,
    String(result.pairs.length),
    ...[median(measured).toFixed(0), span(measured)],
    baseline,
    ...[median(compared).toFixed(0), span(compared)],
    show(aim, found),
    showAim(aim),
    found <= limitOf(aim) ? 'met' : 'missed',
  ];
}

/** The median of what each pair says: its two runs saw the same machine. */
function findValue(aim: Aim, pairs: readonly Pair[]): number {
  return median(pairs.map(({ measured, baseline }) => ('ratio' in aim ? measured / baseline : measured - baseline)));
}

function limitOf(aim: Aim): number {
  return 'ratio' in aim ? aim.ratio : aim.extraMs;
}

function show(aim: Aim, value: number): string {
  return 'ratio' in aim ? value.toFixed(2) : `+${value.toFixed(0)} ms`;
}

function showAim(aim: Aim): string {
  return 'ratio' in aim ? String(aim.ratio) : `+${aim.extraMs} ms`;
}

function span(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)}`;
}
