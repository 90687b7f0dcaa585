import { z } from 'zod';
import { isoTime } from './iso-time.ts';

/** Longer lines are cut after this many characters: enough to recognize a stack trace or a JSON record. */
export const maxTextLength = 2_000;

const line = z.object({
  kind: z.literal('line'),
  runId: z.string(),
  text: z
    .string()
    .describe(
      `Without escape sequences. MCP tools cut it after ${maxTextLength} characters and add a mark; --json does not.`,
    ),
  at: isoTime.nullable(),
  approximate: z
    .literal(true)
    .optional()
    .describe('Only present if at is approximate: the line may have been printed earlier.'),
  cursor: z.string().describe('Position after the line.'),
  partial: z.literal(true).optional().describe('The line has no newline (yet).'),
  continues: z.literal(true).optional(),
  cut: z.int().optional().describe('Number of omitted characters; only present if the line was cut.'),
});

const marks = [
  z.object({
    kind: z.literal('started'),
    runId: z.string(),
    at: isoTime,
    attempt: z.int().describe('Number of consecutive restarts by the restart policy; 0 if the start was requested.'),
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

/** A line that a service printed, or an event of its run. */
export const logEntry = z.discriminatedUnion('kind', [line, ...marks]);
