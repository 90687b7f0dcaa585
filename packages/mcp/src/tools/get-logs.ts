import { defaultLineCount, linePattern, logs, logsDocument, parseCount, parseCursor, parseLogTime } from '@candle/core';
import { described, logs as document, maxTextLength } from '@candle/documents';
import * as v from 'valibot';
import { boundLog, maxResultLength } from '../call/bound-log.ts';
import { projectDir, serviceName } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

const maxLimit = 1_000;

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
      regex: v.optional(described(v.boolean(), 'Treat grep as a JavaScript regular expression.')),
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
      pattern: grep === undefined ? undefined : linePattern(grep, { isRegex: regex ?? false }),
      startAt: startAt === undefined ? undefined : parseCursor(startAt),
      run,
      maxTextLength,
    };
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const { services } = logsDocument(await logs(context.candle(), { ...query, projectDir: dir, names: [name] }));
    return { services: services.map((service) => boundLog(service, { isForward: startAt !== undefined })) };
  },
});
