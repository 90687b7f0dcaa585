import type { Aim, Figure, PairFigure, ValueFigure } from '../figures/figure.ts';
import { median } from '../measure/statistics.ts';
import type { Pair } from '../measure/take-pairs.ts';
import type { Result } from './result.ts';

export const columns = [
  'figure',
  'runs',
  'median',
  'min–max',
  'compared to',
  'median',
  'min–max',
  'ratio',
  'aim',
  'result',
];

/** One row of the report, with a text for each column. */
export function toRow(result: Result): readonly string[] {
  if ('failure' in result) {
    const { figure, failure } = result;
    return [figure.title, '0', '', '', baselineOf(figure), '', '', '', showAim(figure), `not measured: ${failure}`];
  }
  return 'pairs' in result ? pairRow(result.figure, result.pairs) : valueRow(result.figure, result.values);
}

function pairRow(figure: PairFigure, pairs: readonly Pair[]): readonly string[] {
  const measured = pairs.map((pair) => pair.measured);
  const compared = pairs.map((pair) => pair.baseline);
  const found = findValue(figure.aim, pairs);
  return [
    figure.title,
    String(pairs.length),
    ...[show(median(measured), 'ms'), span(measured, 'ms')],
    figure.baseline,
    ...[show(median(compared), 'ms'), span(compared, 'ms')],
    figure.aim && 'extraMs' in figure.aim ? `+${found.toFixed(0)} ms` : found.toFixed(2),
    showAim(figure),
    figure.aim === undefined ? '' : found <= limitOf(figure.aim) ? 'met' : 'missed',
  ];
}

function valueRow(figure: ValueFigure, values: readonly number[]): readonly string[] {
  const { title, unit, max } = figure;
  const found = median(values);
  const result = found <= max ? 'met' : 'missed';
  return [title, String(values.length), show(found, unit), span(values, unit), '', '', '', '', showAim(figure), result];
}

/** The median over all pairs of their ratio or difference, because the two runs of a pair saw the same load. */
function findValue(aim: Aim | undefined, pairs: readonly Pair[]): number {
  const isRatio = aim === undefined || 'ratio' in aim;
  return median(pairs.map(({ measured, baseline }) => (isRatio ? measured / baseline : measured - baseline)));
}

function limitOf(aim: Aim): number {
  return 'ratio' in aim ? aim.ratio : aim.extraMs;
}

function baselineOf(figure: Figure): string {
  return 'baseline' in figure ? figure.baseline : '';
}

function showAim(figure: Figure): string {
  if ('unit' in figure) return `${figure.max} ${figure.unit}`;
  if (figure.aim === undefined) return '';
  return 'ratio' in figure.aim ? String(figure.aim.ratio) : `+${figure.aim.extraMs} ms`;
}

function show(value: number, unit: ValueFigure['unit']): string {
  return `${digits(value, unit)} ${unit}`;
}

function span(values: readonly number[], unit: ValueFigure['unit']): string {
  return `${digits(Math.min(...values), unit)}–${digits(Math.max(...values), unit)}`;
}

/**
 * Formats a value with its significant digits: two decimals for shares of a core, one for megabytes and short times.
 */
function digits(value: number, unit: ValueFigure['unit']): string {
  return value.toFixed(unit === '%' ? 2 : unit === 'MB' || value < 20 ? 1 : 0);
}
