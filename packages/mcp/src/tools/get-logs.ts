import { linePattern, logs, logsDocument, parseCount, parseCursor, parseLogTime } from '@candle/core';
import { z } from 'zod';
import { boundLog, maxAnswerBytes } from '../call/bound-log.ts';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { logEntry, maxTextLength } from '../schemas/log-entry.ts';
import { serviceKey } from '../schemas/service.ts';
import { defineTool } from '../tool.ts';

const usualLimit = 100;
const highestLimit = 1_000;

export const getLogs = defineTool({
  name: 'GetLogs',
  useCase: 'logs',
  title: 'Read the output of a service',
  description: `Reads the last lines that a service printed, stdout and stderr together, with marks where a run started and how it ended; or, with startAt, what came behind a cursor. Works when it does not run, too. An answer is never long: of a line ${maxTextLength} characters are shown, of all lines ${maxAnswerBytes}; leftOut says when more were there, and how to get them.`,
  input: z
    .strictObject({
      name: serviceName('Service whose output is wanted.'),
      limit: z
        .number()
        .max(highestLimit, `limit must be at most ${highestLimit}; the cursor of an answer leads on`)
        .meta({
          description: `Lines at most; ${usualLimit} when left out. The last ones, or with startAt the first ones behind it.`,
          type: 'integer',
          minimum: 0,
        })
        .default(usualLimit),
      since: z
        .string()
        .optional()
        .describe('Only what was printed then or later: how long ago (30s, 10m, 2h), or a time of ISO 8601.'),
      until: z.string().optional().describe('Only what was printed then or before; as since.'),
      grep: z.string().optional().describe('Only lines with this text, capitals and small letters held apart.'),
      regex: z.boolean().optional().describe('The text of grep is a regular expression (of JavaScript).'),
      run: z.string().optional().describe("Only of one run: 'latest', 'previous', or the beginning of its id."),
      startAt: z
        .string()
        .optional()
        .describe('A cursor of an earlier answer: gives the first lines behind it, to read on without a gap.'),
      projectDir,
    })
    .refine(
      (input) => input.startAt === undefined || input.run === undefined,
      'startAt is of a run, so run cannot be given',
    )
    .refine((input) => !input.regex || input.grep !== undefined, 'regex is about grep, which is missing'),
  output: z.object({
    services: z.array(
      z.object({
        ...serviceKey,
        entries: z.array(logEntry).describe('Oldest first.'),
        cursor: z.string().nullable().describe('To go on from with startAt; null when it has never run.'),
        leftOut: z
          .string()
          .optional()
          .describe('Only when the answer was too long: what is missing, and how to get it.'),
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
