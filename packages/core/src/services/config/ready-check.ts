import * as v from 'valibot';
import { lastPort } from '../../ports/port-range.ts';
import { described } from './described.ts';
import { isRecord } from './document.ts';
import { DurationSchema } from './duration-schema.ts';
import {
  findHttpProblem,
  findPortTemplateProblem,
  findRegexProblem,
  httpProblem,
  readyPortProblem,
  regexProblem,
} from './ready-rules.ts';
import { ruledString } from './ruled-string.ts';
import { findServiceShellProblem } from './service-shell.ts';

/** What has to be seen before a service counts as ready. */
export type ReadyTarget =
  /** One of the run's processes listens on the reserved port; a service without one is ready when its start is certain. */
  | { readonly kind: 'reserved-port' }
  /** It never listens: ready when its start is certain. */
  | { readonly kind: 'none' }
  | { readonly kind: 'port'; readonly port: number }
  /** A path on the reserved port, or a whole URL, that answers with 200 to 399. */
  | { readonly kind: 'http'; readonly target: string }
  /** The current run has printed a line with this text. */
  | { readonly kind: 'log'; readonly text: string; readonly isRegex: boolean }
  /** The command ends with 0. */
  | { readonly kind: 'exec'; readonly shell: string };

interface ReadyTimes {
  /** Between two looks. */
  readonly intervalMs: number;
  /** After the start; a service that is not ready by then has not become ready in time. */
  readonly timeoutMs: number;
}

export type ReadyCheck = ReadyTarget & ReadyTimes;

/** As the configuration has it: texts may hold templates, and a port may be one. */
export type WrittenReadyCheck = ReadyCheck | (PortTemplate & ReadyTimes);

interface PortTemplate {
  readonly kind: 'port-template';
  readonly template: string;
}

/** Soon enough for a person, seldom enough for an `exec` that starts an interpreter. */
const defaultIntervalMs = 250;
const defaultTimeoutMs = 30_000;
/** A look costs something; more often than this only warms the room. */
const minIntervalMs = 10;

const targets = ['port', 'http', 'log', 'exec'] as const;

const formProblem = `must be false, or an object with one of ${targets.join(', ')}`;

const ReadyObjectSchema = v.pipe(
  v.custom<Record<string, unknown>>(isRecord, formProblem),
  v.looseObject({
    port: v.exactOptional(
      described(
        v.union(
          [
            v.literal(true),
            v.pipe(
              v.number(),
              v.integer(readyPortProblem),
              v.minValue(1, readyPortProblem),
              v.maxValue(lastPort, readyPortProblem),
            ),
            ruledString(readyPortProblem, findPortTemplateProblem),
          ],
          readyPortProblem,
        ),
        'It accepts connections on this port; true: on the reserved one; a template: on that of another service.',
        { examples: [true, 5432, '${services.db.port}'] },
      ),
    ),
    http: v.exactOptional(
      described(
        ruledString(httpProblem, findHttpProblem),
        'A path on the reserved port, or a URL, that answers with 200 to 399.',
        { examples: ['/health'] },
      ),
    ),
    log: v.exactOptional(
      described(
        ruledString('must be a non-empty text', (text) => (text === '' ? 'must be a non-empty text' : undefined)),
        'It has printed a line with this text.',
        { minLength: 1, examples: ['ready in'] },
      ),
    ),
    regex: v.exactOptional(
      described(v.boolean('must be true or false'), 'The text of log is a regular expression.', { default: false }),
    ),
    exec: v.exactOptional(
      described(
        ruledString('must be a non-empty string', findServiceShellProblem),
        'This command ends with 0, in the directory and the environment of the service.',
        { minLength: 1, examples: ['pg_isready'] },
      ),
    ),
    interval: v.exactOptional(described(DurationSchema, 'Between two looks.', { default: '250ms' })),
    timeout: v.exactOptional(
      described(DurationSchema, 'After this it has not become ready in time.', { default: '30s' }),
    ),
  }),
  v.check((written) => targets.filter((target) => target in written).length === 1, formProblem),
  v.forward(
    v.check(
      ({ log, regex }) => log === undefined || regex !== true || findRegexProblem(log) === undefined,
      regexProblem,
    ),
    ['log'],
  ),
  v.transform(
    ({ port, http, log, regex, exec, interval, timeout }): WrittenReadyCheck => ({
      ...targetOf({ port, http, log, regex, exec }),
      intervalMs: Math.max(interval ?? defaultIntervalMs, minIntervalMs),
      timeoutMs: timeout ?? defaultTimeoutMs,
    }),
  ),
);

interface WrittenTarget {
  readonly port: number | string | true | undefined;
  readonly http: string | undefined;
  readonly log: string | undefined;
  readonly regex: boolean | undefined;
  readonly exec: string | undefined;
}

function targetOf({ port, http, log, regex, exec }: WrittenTarget): ReadyTarget | PortTemplate {
  if (typeof port === 'string') return { kind: 'port-template', template: port };
  if (typeof port === 'number') return { kind: 'port', port };
  if (http !== undefined) return { kind: 'http', target: http };
  if (log !== undefined) return { kind: 'log', text: log, isRegex: regex ?? false };
  if (exec !== undefined) return { kind: 'exec', shell: exec };
  return { kind: 'reserved-port' };
}

/** `{ "port": 5432 }`, `{ "http": "/health" }`, `{ "log": "ready in" }`, `{ "exec": "pg_isready" }`, or false. */
export const ReadySchema = v.lazy((input) =>
  input === false
    ? v.pipe(
        v.literal(false),
        v.transform((): WrittenReadyCheck => ({ ...defaultReadyCheck, kind: 'none' })),
      )
    : ReadyObjectSchema,
);

export const defaultReadyCheck: ReadyCheck = {
  kind: 'reserved-port',
  intervalMs: defaultIntervalMs,
  timeoutMs: defaultTimeoutMs,
};
