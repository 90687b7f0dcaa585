import {
  clearLogs as clear,
  cutText,
  defaultLineCount,
  linePattern,
  logs,
  logsDocument,
  parseCount,
  parseCursor,
  parseLogTime,
  waitForLog as waitFor,
} from '@candle/core/logs';
import {
  clearedLogs,
  described,
  logs as document,
  foundLine,
  type LogEntryDocument,
  type LogsDocument,
  maxTextLength,
} from '@candle/documents';
import * as v from 'valibot';
import { defineTool, projectDir, serviceName, timeout } from '../tool.ts';

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

const maxLimit = 1_000;

const regexDescription = (field: string) =>
  `Treat ${field} as a regular expression in RE2 syntax (without look-around and back-references).`;

export const getLogs = defineTool({
  name: 'GetLogs',
  useCase: 'logs',
  title: 'Read the output of a service',
  description: `Reads the last lines that a service printed (stdout and stderr together), with marks that show where a run started and how it ended. With startAt, reads the lines after a cursor. Also works if the service is not running. Results are limited to ${maxTextLength} characters per line and ${maxResultLength} characters in total; if entries were omitted, leftOut says how to get them.`,
  input: v.pipe(
    v.object({
      name: serviceName('Service whose output to read.'),
      limit: v.optional(
        v.pipe(
          v.number(),
          v.maxValue(maxLimit, `limit must be at most ${maxLimit}; use the cursor of a result to read more`),
          v.metadata({
            description: `Maximum number of lines (default ${defaultLineCount}): the last ones or, with startAt, the first ones after the cursor.`,
            type: 'integer',
            minimum: 0,
          }),
        ),
        defaultLineCount,
      ),
      since: v.optional(
        described(v.string(), 'Only output printed at or after this time: an age (30s, 10m, 2h) or an ISO 8601 time.'),
      ),
      until: v.optional(described(v.string(), 'Only output printed at or before this time; same format as since.')),
      grep: v.optional(described(v.string(), 'Only lines that contain this text (case-sensitive).')),
      regex: v.optional(described(v.boolean(), regexDescription('grep'))),
      run: v.optional(
        described(v.string(), "Only output of one run: 'latest', 'previous', or the beginning of its ID."),
      ),
      startAt: v.optional(
        described(
          v.string(),
          'Cursor of an earlier result: reads the first lines after it, so that no line is missed.',
        ),
      ),
      projectDir,
    }),
    v.check(
      (input) => input.startAt === undefined || input.run === undefined,
      'startAt belongs to a run, so it cannot be combined with run',
    ),
    v.check((input) => !input.regex || input.grep !== undefined, 'regex requires grep'),
  ),
  output: document,
  async run(context, { name, limit, since, until, grep, regex, run, startAt, ...rest }) {
    const nowMs = context.candle().clock.nowMs();
    const query = {
      count: parseCount(String(limit)),
      sinceMs: since === undefined ? undefined : parseLogTime(since, nowMs),
      untilMs: until === undefined ? undefined : parseLogTime(until, nowMs),
      pattern: grep === undefined ? undefined : await linePattern(grep, { isRegex: regex ?? false }),
      startAt: startAt === undefined ? undefined : parseCursor(startAt),
      run,
      maxTextLength,
      signal: context.signal,
    };
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const { services } = logsDocument(await logs(context.candle(), { ...query, projectDir: dir, names: [name] }));
    return { services: services.map((service) => boundLog(service, { isForward: startAt !== undefined })) };
  },
});

export const waitForLog = defineTool({
  name: 'WaitForLog',
  useCase: 'wait-for-log',
  title: 'Wait until a service has printed a text',
  description:
    'Waits until the current run of a service has printed a text, and returns the line; returns immediately if the text was already printed. Fails with the last lines of output if the service is not running, exits before it prints the text, or does not print it in time. Does not change the service, and can be cancelled.',
  input: v.object({
    name: serviceName('Service to wait for.'),
    message: described(v.string(), 'Text that the line contains (case-sensitive).'),
    regex: v.optional(described(v.boolean(), regexDescription('message'))),
    timeout,
    projectDir,
  }),
  output: foundLine,
  async run(context, { name, message, regex, timeout, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const timeoutMs = timeout * 1000;
    context.progress.update(`Waiting for '${name}' to print '${cutText(message, 100).text}'`, timeoutMs);
    const { signal } = context;
    const input = { projectDir: dir, name, message, isRegex: regex, timeoutMs, signal };
    const found = await waitFor(context.candle(), input);
    return { ...found, text: cutText(found.text, maxTextLength).text };
  },
});

export const clearLogs = defineTool({
  name: 'ClearLogs',
  useCase: 'clear-logs',
  title: 'Delete the output of services',
  description:
    'Permanently deletes the output that a service has printed so far; a running service keeps running. Without name: deletes the output of ALL services of the project. To read only new output, use the cursor of GetLogs instead, which does not delete anything.',
  input: v.object({
    name: v.optional(serviceName('Service whose output to delete. If omitted, all services of the project.')),
    projectDir,
  }),
  output: clearedLogs,
  async run(context, { name, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    return { services: await clear(context.candle(), { projectDir: dir, names: name === undefined ? [] : [name] }) };
  },
});
