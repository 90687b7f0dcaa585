import { defaultLineCount, linePattern, logs, logsDocument, parseCount, parseCursor, parseLogTime } from '@candle/core';
import { z } from 'zod';
import { boundLog, maxResultLength } from '../call/bound-log.ts';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { logEntry, maxTextLength } from '../schemas/log-entry.ts';
import { serviceKey } from '../schemas/service.ts';
import { defineTool } from '../tool.ts';

const maxLimit = 1_000;

export const getLogs = defineTool({
  name: 'GetLogs',
  useCase: 'logs',
  title: 'Read the output of a service',
  description: `Reads the last lines that a service printed (stdout and stderr together), with marks that show where a run started and how it ended. With startAt, reads the lines after a cursor. Also works if the service is not running. Results are limited to ${maxTextLength} characters per line and ${maxResultLength} characters in total; if entries were omitted, leftOut says how to get them.`,
  input: z
    .strictObject({
      name: serviceName('Service whose output to read.'),
      limit: z
        .number()
        .max(maxLimit, `limit must be at most ${maxLimit}; use the cursor of a result to read more`)
        .meta({
          description: `Maximum number of lines (default ${defaultLineCount}): the last ones or, with startAt, the first ones after the cursor.`,
          type: 'integer',
          minimum: 0,
        })
        .default(defaultLineCount),
      since: z
        .string()
        .optional()
        .describe('Only output printed at or after this time: an age (30s, 10m, 2h) or an ISO 8601 time.'),
      until: z.string().optional().describe('Only output printed at or before this time; same format as since.'),
      grep: z.string().optional().describe('Only lines that contain this text (case-sensitive).'),
      regex: z.boolean().optional().describe('Treat grep as a JavaScript regular expression.'),
      run: z.string().optional().describe("Only output of one run: 'latest', 'previous', or the beginning of its ID."),
      startAt: z
        .string()
        .optional()
        .describe('Cursor of an earlier result: reads the first lines after it, so that no line is missed.'),
      projectDir,
    })
    .refine(
      (input) => input.startAt === undefined || input.run === undefined,
      'startAt belongs to a run, so it cannot be combined with run',
    )
    .refine((input) => !input.regex || input.grep !== undefined, 'regex requires grep'),
  output: z.object({
    services: z.array(
      z.object({
        ...serviceKey,
        entries: z.array(logEntry).describe('Oldest first.'),
        cursor: z
          .string()
          .nullable()
          .describe('Pass it as startAt to read what follows; null if the service has never run.'),
        leftOut: z
          .string()
          .optional()
          .describe('Only present if the result was too long: what was omitted, and how to get it.'),
      }),
    ),
  }),
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
