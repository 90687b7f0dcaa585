import { linePattern, logs, logsDocument, parseCount, parseCursor, parseLogTime } from '@candle/core';
import { z } from 'zod';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { isoTime, serviceKey } from '../schemas/service.ts';
import { defineTool, readsOnly } from '../tool.ts';

const defaultLimit = 100;

const line = z.object({
  kind: z.literal('line'),
  runId: z.string(),
  text: z.string(),
  at: isoTime.nullable(),
  approximate: z.literal(true).optional().describe('It may be older.'),
  cursor: z.string().describe('Right behind the line.'),
  partial: z.literal(true).optional().describe('It has no newline (yet).'),
  continues: z.literal(true).optional(),
});

const marks = [
  z.object({
    kind: z.literal('started'),
    runId: z.string(),
    at: isoTime,
    attempt: z.int().describe('The nth restart in a row by the policy of the service; 0: somebody asked for it.'),
  }),
  z.object({
    kind: z.literal('ended'),
    runId: z.string(),
    at: isoTime.nullable(),
    exitCode: z.int().nullable(),
    exitSignal: z.string().nullable(),
    reason: z.string(),
  }),
  z.object({ kind: z.literal('truncated'), runId: z.string(), at: isoTime.nullable() }),
  z.object({ kind: z.literal('evicted'), runId: z.string() }),
] as const;

export const getLogs = defineTool({
  name: 'GetLogs',
  title: 'Read the output of a service',
  description:
    'Reads the last lines that a service printed, stdout and stderr together, with marks where a run started and how it ended; or, with startAt, what came behind a cursor. Works when it does not run, too.',
  annotations: readsOnly,
  input: z.strictObject({
    name: serviceName('Service whose output is wanted.'),
    limit: z
      .number()
      .meta({ description: `Lines at most; ${defaultLimit} when left out.`, type: 'integer', minimum: 0 })
      .optional(),
    since: z
      .string()
      .optional()
      .describe('Only what was printed then or later: how long ago (30s, 10m, 2h), or a time of ISO 8601.'),
    grep: z.string().optional().describe('Only lines with this text, capitals and small letters held apart.'),
    startAt: z
      .string()
      .optional()
      .describe('A cursor of an earlier answer: gives the first lines behind it, to read on without a gap.'),
    projectDir,
  }),
  output: z.object({
    services: z.array(
      z.object({
        ...serviceKey,
        entries: z.array(z.discriminatedUnion('kind', [line, ...marks])).describe('Oldest first.'),
        cursor: z.string().nullable().describe('To go on from with startAt; null when it has never run.'),
      }),
    ),
  }),
  async run(context, { name, limit = defaultLimit, since, grep, startAt, ...rest }) {
    const query = {
      count: parseCount(String(limit)),
      sinceMs: since === undefined ? undefined : parseLogTime(since, context.candle().clock.nowMs()),
      pattern: grep === undefined ? undefined : linePattern(grep),
      startAt: startAt === undefined ? undefined : parseCursor(startAt),
    };
    const dir = await context.findProjectDir(rest, { allowNew: false });
    return logsDocument(await logs(context.candle(), { ...query, projectDir: dir, names: [name] }));
  },
});
