import { stripVTControlCharacters } from 'node:util';
import { cursorText } from './log-cursor.ts';
import type { LineEntry, LogEntry, LogMark } from './log-entry.ts';
import type { ServiceLog } from './logs.ts';

/** The logs in `--json` and MCP output. Escape sequences are removed from the lines. */
export interface LogsDocument {
  readonly services: readonly {
    readonly name: string;
    readonly projectDir: string;
    readonly entries: readonly LogEntryDocument[];
    /** Where to continue with `--start-at`; null if the service has never run. */
    readonly cursor: string | null;
  }[];
}

export type LogEntryDocument = LineDocument | MarkDocument;

export interface LineDocument {
  readonly kind: 'line';
  readonly runId: string;
  readonly text: string;
  readonly at: string | null;
  /** Present only if true: the line was printed at `at` or earlier. */
  readonly approximate?: true;
  /** The position directly after the line. */
  readonly cursor: string;
  /** Present only if true: the line has no newline (yet). */
  readonly partial?: true;
  /** Present only if true: the line continues the partial line before it. */
  readonly continues?: true;
  /** Present only if the line was cut: the number of characters omitted at its end, where a note says so. */
  readonly cut?: number;
}

export type MarkDocument =
  | { readonly kind: 'started'; readonly runId: string; readonly at: string; readonly attempt: number }
  | {
      readonly kind: 'ended';
      readonly runId: string;
      readonly at: string | null;
      readonly exitCode: number | null;
      readonly exitSignal: string | null;
      readonly reason: string;
    }
  | { readonly kind: 'truncated'; readonly runId: string; readonly at: string | null }
  | { readonly kind: 'evicted'; readonly runId: string };

export function logsDocument(logs: readonly ServiceLog[], strip = stripVTControlCharacters): LogsDocument {
  return {
    services: logs.map(({ name, projectDir, entries, next }) => ({
      name,
      projectDir,
      entries: entries.map((entry) => logEntryDocument(entry, strip)),
      cursor: next ? cursorText(next) : null,
    })),
  };
}

/** One entry; with `-f --json`, each is printed on its own line. */
export function logEntryDocument(entry: LogEntry, strip = stripVTControlCharacters): LogEntryDocument {
  return entry.kind === 'line' ? lineDocument(entry, strip) : markDocument(entry);
}

function lineDocument(entry: LineEntry, strip: (text: string) => string): LineDocument {
  const { kind, runId, text, atMs, epoch, endOffset, isApproximate, isPartial, isContinuation, cutCharacters } = entry;
  return {
    kind,
    runId,
    text: strip(text),
    at: isoTime(atMs),
    ...(isApproximate ? { approximate: true } : {}),
    cursor: cursorText({ runId, position: { epoch, offset: endOffset } }),
    ...(isPartial ? { partial: true } : {}),
    ...(isContinuation ? { continues: true } : {}),
    ...(cutCharacters ? { cut: cutCharacters } : {}),
  };
}

function markDocument(mark: LogMark): MarkDocument {
  const { runId } = mark;
  switch (mark.kind) {
    case 'started':
      return { kind: mark.kind, runId, at: new Date(mark.atMs).toISOString(), attempt: mark.attempt };
    case 'ended': {
      const { exitCode, exitSignal, reason } = mark;
      return { kind: mark.kind, runId, at: isoTime(mark.atMs), exitCode, exitSignal, reason };
    }
    case 'truncated':
      return { kind: mark.kind, runId, at: isoTime(mark.atMs) };
    case 'evicted':
      return { kind: mark.kind, runId };
  }
}

function isoTime(atMs: number | null): string | null {
  return atMs === null || !Number.isFinite(atMs) ? null : new Date(atMs).toISOString();
}
