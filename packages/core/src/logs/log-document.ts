import { stripVTControlCharacters } from 'node:util';
import { cursorText } from './log-cursor.ts';
import type { LineEntry, LogEntry, LogMark } from './log-entry.ts';
import type { ServiceLog } from './logs.ts';

/** What `--json` and MCP say of logs; escape sequences are taken out of the lines. */
export interface LogsDocument {
  readonly services: readonly {
    readonly name: string;
    readonly projectDir: string;
    readonly entries: readonly LogEntryDocument[];
    /** To go on from with `--start-at`; null when it has never run. */
    readonly cursor: string | null;
  }[];
}

export type LogEntryDocument = LineDocument | MarkDocument;

export interface LineDocument {
  readonly kind: 'line';
  readonly runId: string;
  readonly text: string;
  readonly at: string | null;
  /** Only when it is so: it was printed then or before. */
  readonly approximate?: true;
  /** Right behind the line. */
  readonly cursor: string;
  /** Only when it is so: it has no newline (yet). */
  readonly partial?: true;
  /** Only when it is so: it goes on with the partial line before. */
  readonly continues?: true;
  /** Only when it is so: this many characters were left out at its end, where a mark says so. */
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

/** One entry: with `-f --json` each is a line of its own. */
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
