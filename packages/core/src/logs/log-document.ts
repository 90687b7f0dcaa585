import { stripVTControlCharacters } from 'node:util';
import type { LineDocument, LogEntryDocument, LogsDocument } from '@candle/documents';
import { cursorText } from './log-cursor.ts';
import type { LineEntry, LogEntry, LogMark } from './log-entry.ts';
import type { ServiceLog } from './logs.ts';

type MarkDocument = Exclude<LogEntryDocument, LineDocument>;

/** The logs in `--json` and MCP output. Escape sequences are removed from the lines. */
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
