import { stripVTControlCharacters } from 'node:util';
import type { LogEntry, ServiceLog } from './logs.ts';

/** What `--json` and MCP say of logs; escape sequences are taken out of the lines. */
export interface LogsDocument {
  readonly services: readonly {
    readonly name: string;
    readonly projectDir: string;
    readonly entries: readonly LogEntryDocument[];
  }[];
}

export type LogEntryDocument =
  | { readonly kind: 'line'; readonly runId: string; readonly text: string }
  | { readonly kind: 'started'; readonly runId: string; readonly at: string }
  | {
      readonly kind: 'ended';
      readonly runId: string;
      readonly at: string | null;
      readonly exitCode: number | null;
      readonly reason: string;
    };

export function logsDocument(logs: readonly ServiceLog[], strip = stripVTControlCharacters): LogsDocument {
  return {
    services: logs.map(({ name, projectDir, entries }) => ({
      name,
      projectDir,
      entries: entries.map((entry) => entryDocument(entry, strip)),
    })),
  };
}

function entryDocument(entry: LogEntry, strip: (text: string) => string): LogEntryDocument {
  if (entry.kind === 'line') return { ...entry, text: strip(entry.text) };
  const { atMs, ...rest } = entry;
  const at = atMs === null ? null : new Date(atMs).toISOString();
  return { ...rest, at } as LogEntryDocument;
}
