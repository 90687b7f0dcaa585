import * as v from 'valibot';
import { DurationSchema, described, objectOf, oneOf } from './schema-parts.ts';

/** How much of a service's output is kept, for all its runs together. */
export interface LogLimits {
  /** 64 KiB or more. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

const KiB = 1024;
const MiB = 1024 * KiB;
const dayMs = 24 * 3_600_000;

/** Several hundred thousand lines, and a week, so that the output from before a weekend is still there on Monday. */
export const defaultLogLimits: LogLimits = { maxBytes: 64 * MiB, maxAgeMs: 7 * dayMs };

/** A smaller limit could not hold the lines that explain a crash. */
const minBytes = 64 * KiB;

const sizeProblem = "must be a size of 64KB or more: a number of bytes, or '512KB', '64MB', '1GB'";
const unitBytes: Readonly<Record<string, number>> = { '': 1, K: KiB, M: MiB, G: 1024 * MiB };

/** Parses `512KB`, `64MB` or `1GB` (factors of 1024); returns bytes, or undefined for anything else. */
export function parseSize(size: string | number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([KMG])i?)?B?$/i.exec(String(size));
  if (match === null) return undefined;
  const bytes = Math.round(Number(match[1]) * (unitBytes[(match[2] ?? '').toUpperCase()] ?? 1));
  return bytes >= minBytes && Number.isSafeInteger(bytes) ? bytes : undefined;
}

const SizeSchema = v.pipe(
  v.union([v.number(), v.string()], sizeProblem),
  v.rawTransform(({ dataset, addIssue, NEVER }): number => {
    const bytes = parseSize(dataset.value);
    if (bytes !== undefined) return bytes;
    addIssue({ message: sizeProblem });
    return NEVER;
  }),
);

/** `{ "maxBytes": "64MB", "maxAge": "168h" }`. */
export const LogLimitsSchema = v.pipe(
  objectOf("must be an object with 'maxBytes' and 'maxAge'", {
    maxBytes: v.exactOptional(
      described(SizeSchema, "A number of bytes, or '512KB', '64MB', '1GB'; 64KB or more.", { default: '64MB' }),
    ),
    maxAge: v.exactOptional(described(DurationSchema, "A duration: '24h', '168h'.", { default: '168h' })),
  }),
  v.transform(
    ({ maxBytes, maxAge }): LogLimits => ({
      maxBytes: maxBytes ?? defaultLogLimits.maxBytes,
      maxAgeMs: maxAge ?? defaultLogLimits.maxAgeMs,
    }),
  ),
);

const outputModes = ['auto', 'file', 'pipe'] as const;

/**
 * Where a service prints to. `file`: nothing has to run for it to print, but what it truncates is lost. `pipe`: nothing is
 * lost that way, but it waits while nobody reads. `auto`: the file until it was seen to truncate its output.
 */
export type OutputMode = (typeof outputModes)[number];

export const defaultOutputMode: OutputMode = 'auto';

export const OutputModeSchema = v.picklist(outputModes, oneOf(outputModes));
