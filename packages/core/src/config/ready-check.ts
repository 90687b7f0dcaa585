import * as v from 'valibot';
import { isCandleError } from '../errors/candle-error.ts';
import { lastPort } from '../ports/port-range.ts';
import { referencesIn } from '../services/templates/parse-template.ts';
import { sampleText } from '../services/templates/template-problems.ts';
import { defaultWaitMs } from './duration.ts';
import { DurationSchema, described, objectOf, ruledString } from './schema-parts.ts';
import { findServiceShellProblem } from './service-fields.ts';

const readyPortProblem = `must be a port from 1 to ${lastPort}, true for the reserved one, or one template like "\${services.db.port}"`;
const httpProblem = "must be a path like '/health' or a URL";
const unixProblem = "must contain the path of a socket and that of a page, like 'http://unix:/run/app.sock:/health'";

/** Not a host with the name `unix` and a port. */
const unixPrefix = /^http:\/\/unix:(?!\d)/;

export interface UnixTarget {
  /** Can be relative to the directory of the service. */
  readonly socketPath: string;
  /** The path that is requested, with its query. */
  readonly path: string;
}

/** The parts of a target like `http://unix:/run/app.sock:/health`; undefined for any other target. */
export function findUnixTarget(target: string): UnixTarget | undefined {
  const [, socketPath, path] = /^http:\/\/unix:(?!\d)([^:\0]+):(\/[^\s\0]*)$/.exec(target) ?? [];
  return socketPath === undefined || path === undefined ? undefined : { socketPath, path };
}

/** What is wrong with the target of an HTTP check, as "must …". Targets with templates are checked with sample values, if possible. */
export function findHttpProblem(written: string): string | undefined {
  const target = sampleText(written);
  if (target === undefined) return undefined;
  if (target.startsWith('/')) return /[\s\0]/.test(target) ? httpProblem : undefined;
  if (unixPrefix.test(target)) return findUnixTarget(target) ? undefined : unixProblem;
  return URL.canParse(target) && /^https?:$/.test(new URL(target).protocol) ? undefined : httpProblem;
}

/** What is wrong with an expression, as "must …". The engine for expressions is loaded only for this. */
export async function findRegexProblem(text: string): Promise<string | undefined> {
  const { compileExpression } = await import('../logs/line-pattern.ts');
  try {
    await compileExpression(text);
    return undefined;
  } catch (error) {
    if (isCandleError(error) && 'reason' in error)
      return `must be a regular expression that Candle supports: ${error.reason}`;
    throw error;
  }
}

/** A port that is written as text has to be exactly one template. */
function findPortTemplateProblem(text: string): string | undefined {
  const [reference, ...others] = referencesIn(text);
  if (reference === undefined || others.length > 0 || reference.source !== text) return readyPortProblem;
  const isUrl = 'property' in reference && reference.property !== 'port';
  return isUrl ? `must be a port: write ${reference.source.replace(/\.\w+\}$/, '.port}')}` : undefined;
}

/** The condition under which a service counts as ready. */
export type ReadyTarget =
  /** A process of the run listens on the reserved port; a service without a reserved port is ready when its start is certain. */
  | { readonly kind: 'reserved-port' }
  /** The service never listens: it is ready when its start is certain. */
  | { readonly kind: 'none' }
  /** The service is a job: it is ready when it has exited with code 0. */
  | { readonly kind: 'done' }
  | { readonly kind: 'port'; readonly port: number }
  /** A path on the reserved port, a complete URL, or a page on a Unix socket, that responds with 200 to 399. */
  | { readonly kind: 'http'; readonly target: string }
  /** The current run has printed a line that contains this text. */
  | { readonly kind: 'log'; readonly text: string; readonly isRegex: boolean }
  /** The command exits with code 0. */
  | { readonly kind: 'exec'; readonly shell: string };

interface ReadyTimes {
  /** Between two checks. */
  readonly intervalMs: number;
  /** After the start; the check fails if the service is not ready by then. */
  readonly timeoutMs: number;
  /** Between two checks while the service is ready; null: never. Absent unless it is configured. See `recheckIntervalOf`. */
  readonly recheckMs?: number | null;
}

export type ReadyCheck = ReadyTarget & ReadyTimes;

/** As in the configuration: texts can contain templates, and a port can be a template. */
export type WrittenReadyCheck = ReadyCheck | (PortTemplate & ReadyTimes);

interface PortTemplate {
  readonly kind: 'port-template';
  readonly template: string;
}

/** Short enough for a user, long enough for an `exec` command that starts an interpreter. */
const defaultIntervalMs = 250;
/** Each check costs CPU time, and more frequent checks have no benefit. */
const minIntervalMs = 10;

/** A request costs little, but each one is a line in the log of many servers. A command can cost much more. */
const httpRecheckMs = 30_000;
const minRecheckMs = 1_000;

/** How often a check is repeated while the service is ready; undefined: never. */
export function recheckIntervalOf({ kind, recheckMs }: ReadyCheck): number | undefined {
  if (kind === 'http' && recheckMs === undefined) return httpRecheckMs;
  return recheckMs ?? undefined;
}

const targets = ['port', 'http', 'log', 'exec'] as const;

const formProblem = `must be false, or an object with one of ${targets.join(', ')}`;

const ReadyObjectSchema = v.pipe(
  objectOf(formProblem, {
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
            v.pipe(ruledString(readyPortProblem, findPortTemplateProblem), v.metadata({ pattern: '^\\$\\{.+\\}$' })),
          ],
          readyPortProblem,
        ),
        'The service accepts connections on this port; true: the reserved port; a template: the port of another service.',
        { examples: [true, 5432, '${services.db.port}'] },
      ),
    ),
    http: v.exactOptional(
      described(
        ruledString(httpProblem, findHttpProblem),
        'A path on the reserved port, or a URL, that responds with 200 to 399; for a Unix socket, http://unix:SOCKET:PATH.',
        { examples: ['/health', 'http://unix:/run/app.sock:/health'] },
      ),
    ),
    log: v.exactOptional(
      described(
        ruledString('must be a non-empty text', (text) => (text === '' ? 'must be a non-empty text' : undefined)),
        'The service has printed a line that contains this text.',
        { minLength: 1, examples: ['ready in'] },
      ),
    ),
    regex: v.exactOptional(
      described(
        v.boolean('must be true or false'),
        'true: log is a regular expression in RE2 syntax (without look-around and back-references).',
        { default: false },
      ),
    ),
    exec: v.exactOptional(
      described(
        ruledString('must be a non-empty string', findServiceShellProblem),
        'This command, run in the directory and environment of the service, exits with code 0.',
        { minLength: 1, examples: ['pg_isready'] },
      ),
    ),
    interval: v.exactOptional(described(DurationSchema, 'The time between two checks.', { default: '250ms' })),
    timeout: v.exactOptional(
      described(DurationSchema, 'How long the service may take to become ready.', {
        default: `${defaultWaitMs / 1000}s`,
      }),
    ),
    recheck: v.exactOptional(
      described(
        v.union([v.literal(false), DurationSchema], 'must be false or a duration'),
        'The time between two checks with http or exec while the service is ready; false: none. The default is 30s with http, and false with exec.',
        { examples: ['10s', false] },
      ),
    ),
  }),
  v.check((written) => targets.filter((target) => target in written).length === 1, formProblem),
  v.forward(
    v.check(
      (written) => !('recheck' in written) || 'http' in written || 'exec' in written,
      'needs http or exec: a port is checked whenever it is shown, and a line is printed only once',
    ),
    ['recheck'],
  ),
  v.transform(
    ({ port, http, log, regex, exec, interval, timeout, recheck }): WrittenReadyCheck => ({
      ...targetOf({ port, http, log, regex, exec }),
      intervalMs: Math.max(interval ?? defaultIntervalMs, minIntervalMs),
      timeoutMs: timeout ?? defaultWaitMs,
      // Omitted if it is not written, so that a running service does not count as changed.
      ...(recheck === undefined ? {} : { recheckMs: recheck === false ? null : Math.max(recheck, minRecheckMs) }),
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
        v.transform((): WrittenReadyCheck => noReadyCheck),
      )
    : ReadyObjectSchema,
);

export const defaultReadyCheck: ReadyCheck = {
  kind: 'reserved-port',
  intervalMs: defaultIntervalMs,
  timeoutMs: defaultWaitMs,
};

/** Of a service that never listens. */
export const noReadyCheck: ReadyCheck = { ...defaultReadyCheck, kind: 'none' };

/** Of a job. Its timeout has no effect. */
export const doneCheck: ReadyCheck = { ...defaultReadyCheck, kind: 'done' };
