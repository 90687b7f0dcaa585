import * as v from 'valibot';
import { type Document, described, integer, port, projectDir, reservedFor } from './fields.ts';

const eventParts = {
  atMs: described(integer, 'When it happened: milliseconds since 1970, UTC.'),
  projectDir,
};

const portEventParts = {
  ...eventParts,
  port,
  serviceName: reservedFor,
};

export const portReservedEvent = v.object({ kind: v.literal('port-reserved'), ...portEventParts });
export const portReleasedEvent = v.object({ kind: v.literal('port-released'), ...portEventParts });

const runEventParts = {
  ...eventParts,
  serviceName: v.string(),
  port: described(v.nullable(port), 'The reserved port that it was started with; null without a reservation.'),
  runId: described(
    v.string(),
    'Identifies this run of the service; service-started and service-stopped of one run have the same ID.',
  ),
  pid: described(v.nullable(integer), 'PID of its process group leader; null if there was none.'),
};

export const serviceStartedEvent = v.object({
  kind: v.literal('service-started'),
  ...runEventParts,
  attempt: described(integer, '0 if the start was requested; n for the nth consecutive restart by its restart policy.'),
});
export type ServiceStartedEvent = Document<typeof serviceStartedEvent>;

export const serviceStoppedEvent = v.object({
  kind: v.literal('service-stopped'),
  ...runEventParts,
  exitCode: described(v.nullable(integer), '128 or higher if it was ended by a signal; null if unknown.'),
  exitSignal: described(v.nullable(v.string()), 'Such as SIGKILL; null if it was not ended by a signal.'),
  reason: described(
    v.picklist(['exited', 'stopped', 'replaced', 'interrupted', 'lost']),
    'exited: it exited by itself. stopped: it was stopped. replaced: a newer start replaced it. interrupted: its start was interrupted. lost: its end was not observed.',
  ),
});
export type ServiceStoppedEvent = Document<typeof serviceStoppedEvent>;

/** What plugins hook into. */
export const candleEvent = v.variant('kind', [
  portReservedEvent,
  portReleasedEvent,
  serviceStartedEvent,
  serviceStoppedEvent,
]);
export type CandleEvent = Document<typeof candleEvent>;
