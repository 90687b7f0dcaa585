import * as v from 'valibot';
import { type Document, described, integer, isoTime, projectDir, serviceKey } from './fields.ts';

/**
 * MCP tools cut longer lines after this many characters: enough to recognize a stack trace or a JSON record.
 */
export const maxTextLength = 2_000;

const line = v.object({
  kind: v.literal('line'),
  runId: v.string(),
  text: described(
    v.string(),
    `The last state of the line, without escape sequences. MCP tools cut it after ${maxTextLength} characters and add a mark; --json does not.`,
  ),
  at: v.nullable(isoTime),
  approximate: described(
    v.exactOptional(v.literal(true)),
    'Only present if the time is approximate: the line may have been printed earlier.',
  ),
  cursor: described(v.string(), 'Position after the line.'),
  partial: described(v.exactOptional(v.literal(true)), 'Only present if the line has no newline (yet).'),
  continues: described(
    v.exactOptional(v.literal(true)),
    'Only present if the line continues the partial line before it.',
  ),
  cut: described(v.exactOptional(integer), 'Number of omitted characters; only present if the line was cut.'),
});

const started = v.object({
  kind: v.literal('started'),
  runId: v.string(),
  at: isoTime,
  attempt: described(integer, 'Number of consecutive restarts by the restart policy; 0 if the start was requested.'),
  output: described(
    v.exactOptional(v.literal('pipe')),
    'Only present if the run prints to a pipe because an earlier run truncated its output file.',
  ),
});

const ended = v.object({
  kind: v.literal('ended'),
  runId: v.string(),
  at: v.nullable(isoTime),
  exitCode: v.nullable(integer),
  exitSignal: v.nullable(v.string()),
  reason: v.string(),
  explanation: described(
    v.exactOptional(v.string()),
    'Only present if a SIGKILL that Candle did not send ended it: who probably sent it.',
  ),
});

const givenUp = v.object({
  kind: v.literal('given-up'),
  runId: v.string(),
  at: described(v.nullable(isoTime), 'When the restart policy gave up: the service kept exiting.'),
  exitCode: v.nullable(integer),
  exitSignal: v.nullable(v.string()),
  restarts: described(integer, 'Number of consecutive restarts.'),
  withinMs: described(integer, 'From the exit before the first of these restarts.'),
});

const truncated = v.object({ kind: v.literal('truncated'), runId: v.string(), at: v.nullable(isoTime) });
const evicted = v.object({ kind: v.literal('evicted'), runId: v.string() });

/** A line that a service printed, or an event of its run. */
export const logEntry = v.variant('kind', [line, started, ended, givenUp, truncated, evicted]);
export type LogEntryDocument = Document<typeof logEntry>;
export type LineDocument = Document<typeof line>;

const ofService = { service: v.string() };

/** An entry of a log that is followed: one object for each line of output. */
export const followedEntry = v.variant('kind', [
  v.object({ ...ofService, ...line.entries }),
  v.object({ ...ofService, ...started.entries }),
  v.object({ ...ofService, ...ended.entries }),
  v.object({ ...ofService, ...givenUp.entries }),
  v.object({ ...ofService, ...truncated.entries }),
  v.object({ ...ofService, ...evicted.entries }),
]);
export type FollowedEntryDocument = Document<typeof followedEntry>;

/** `leftOut` and `cut` belong to MCP, whose clients limit the size of a result. */
const serviceLog = v.object({
  ...serviceKey,
  entries: described(v.array(logEntry), 'Oldest first.'),
  cursor: described(
    v.nullable(v.string()),
    'To read what follows, pass it as startAt to GetLogs, or as --start-at to candle logs. Null if the service has never run.',
  ),
  leftOut: described(
    v.exactOptional(v.string()),
    'Only present in a result of GetLogs that was too long: what was omitted, and how to get it.',
  ),
});

export const logs = v.object({ services: v.array(serviceLog) });
export type LogsDocument = Document<typeof logs>;

export const clearedLogs = v.object({
  services: v.array(v.object({ ...serviceKey, cleared: described(v.boolean(), 'False if there was no output.') })),
});

export const foundLine = v.object({
  serviceName: v.string(),
  projectDir,
  runId: v.string(),
  text: described(
    v.string(),
    `The line. MCP tools cut it after ${maxTextLength} characters and add a mark; --json does not.`,
  ),
});
