import type { LogEntryDocument, LogsDocument } from '@candle/documents';

type ServiceLogDocument = LogsDocument['services'][number];

/** Characters of a result's JSON, about 15,000 tokens: clients pass this much on to their model without cutting it. */
export const maxResultLength = 60_000;

/**
 * Limits a service's output to what fits into one result: the newest entries or, when reading forward from a cursor,
 * the first entries and the cursor after them.
 */
export function boundLog(log: ServiceLogDocument, { isForward }: { isForward: boolean }): ServiceLogDocument {
  return isForward ? firstOf(log) : lastOf(log);
}

function lastOf(log: ServiceLogDocument): ServiceLogDocument {
  const count = countFitting(log.entries.toReversed());
  if (count === log.entries.length) return log;
  const entries = log.entries.slice(-count);
  const [first] = entries;
  const at = first !== undefined && 'at' in first ? first.at : null;
  const how = at === null ? 'narrow the result with grep or since' : `set until: ${at}, or narrow the result with grep`;
  return { ...log, entries, leftOut: `${describeOmitted(log, count, 'before')} To get them, ${how}.` };
}

function firstOf(log: ServiceLogDocument): ServiceLogDocument {
  const fitting = countFitting(log.entries);
  if (fitting === log.entries.length) return log;
  // Only lines have a cursor, so marks after the last line are returned again by the next call.
  const last = log.entries.slice(0, fitting).findLastIndex(({ kind }) => kind === 'line');
  const line = log.entries[last];
  if (line?.kind !== 'line') return log;
  const leftOut = `${describeOmitted(log, last + 1, 'after')} To get them, set startAt: ${line.cursor}`;
  return { ...log, entries: log.entries.slice(0, last + 1), cursor: line.cursor, leftOut };
}

/** Number of leading entries that fit into one result. At least one line always counts as fitting. */
function countFitting(entries: readonly LogEntryDocument[]): number {
  let [length, hasLine] = [0, false];
  for (const [index, entry] of entries.entries()) {
    length += JSON.stringify(entry).length + 1;
    if (length > maxResultLength && hasLine) return index;
    hasLine ||= entry.kind === 'line';
  }
  return entries.length;
}

function describeOmitted({ entries }: ServiceLogDocument, kept: number, where: 'before' | 'after'): string {
  const count = entries.length - kept;
  const [noun, verb] = count === 1 ? ['entry', 'was'] : ['entries', 'were'];
  return `The result would be too long: ${count} ${noun} ${where} these ${verb} omitted.`;
}
