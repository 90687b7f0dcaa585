import type { LogsDocument } from '@candle/core';

type ServiceLogDocument = LogsDocument['services'][number];
type Entry = ServiceLogDocument['entries'][number];

export interface BoundLog extends ServiceLogDocument {
  /** What is missing, and how to get it. */
  readonly leftOut?: string;
}

/** Characters of an answer's JSON, some 15,000 tokens: what clients pass on to their model without cutting it themselves. */
export const maxAnswerBytes = 60_000;

/**
 * As much of a service's output as an answer may have: the newest entries, or, where it is read forward from a cursor,
 * the first ones and the cursor behind them.
 */
export function boundLog(log: ServiceLogDocument, { isForward }: { isForward: boolean }): BoundLog {
  return isForward ? firstOf(log) : lastOf(log);
}

function lastOf(log: ServiceLogDocument): BoundLog {
  const count = countFitting(log.entries.toReversed());
  if (count === log.entries.length) return log;
  const entries = log.entries.slice(-count);
  const [first] = entries;
  const at = first !== undefined && 'at' in first ? first.at : null;
  const how = at === null ? 'narrow it with grep or since' : `give until: ${at}, or narrow it with grep`;
  return { ...log, entries, leftOut: `${missing(log, count)} before these; for them ${how}.` };
}

function firstOf(log: ServiceLogDocument): BoundLog {
  const fitting = countFitting(log.entries);
  if (fitting === log.entries.length) return log;
  // The cursor is that of a line: marks behind the last one come again with what follows.
  const last = log.entries.slice(0, fitting).findLastIndex(({ kind }) => kind === 'line');
  const line = log.entries[last];
  if (line?.kind !== 'line') return log;
  const leftOut = `${missing(log, last + 1)} behind these; for them give startAt: ${line.cursor}`;
  return { ...log, entries: log.entries.slice(0, last + 1), cursor: line.cursor, leftOut };
}

/** How many of the first entries fit into an answer; one line does in any case. */
function countFitting(entries: readonly Entry[]): number {
  let [length, hasLine] = [0, false];
  for (const [index, entry] of entries.entries()) {
    length += JSON.stringify(entry).length + 1;
    if (length > maxAnswerBytes && hasLine) return index;
    hasLine ||= entry.kind === 'line';
  }
  return entries.length;
}

function missing({ entries }: ServiceLogDocument, kept: number): string {
  const count = entries.length - kept;
  return `The answer would be too long: ${count} ${count === 1 ? 'entry was' : 'entries were'} left out`;
}
