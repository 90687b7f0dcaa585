import { z } from 'zod';
import { isoTime } from './iso-time.ts';

/** Longer lines are cut behind so many characters: enough to recognise a stack trace or a JSON record by. */
export const maxTextLength = 2_000;

const line = z.object({
  kind: z.literal('line'),
  runId: z.string(),
  text: z
    .string()
    .describe(
      `Without escape sequences. A tool cuts it, with a mark, behind ${maxTextLength} characters; --json does not.`,
    ),
  at: isoTime.nullable(),
  approximate: z.literal(true).optional().describe('It may be older.'),
  cursor: z.string().describe('Right behind the line.'),
  partial: z.literal(true).optional().describe('It has no newline (yet).'),
  continues: z.literal(true).optional(),
  cut: z.int().optional().describe('Only when it was: how many characters were left out.'),
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

/** A line that a service printed, or what happened to its run. */
export const logEntry = z.discriminatedUnion('kind', [line, ...marks]);
