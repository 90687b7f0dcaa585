import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunMarks } from '../../src/members/members-of.ts';
import type { ProcessInfo } from '../../src/system/process-table.ts';

/** `listensOn` is filled for all processes whose files the recorder could read. */
export interface RecordedProcess extends ProcessInfo {
  readonly commandLine: string;
}

export interface RecordedSnapshot {
  /** As the calling process knew the run at that moment. */
  readonly run: RunMarks;
  readonly processes: readonly RecordedProcess[];
}

/** A file in `recorded`: one service at the relevant moments. */
export interface Recording {
  /** Version of the recorded program. */
  readonly version: string;
  readonly shell: string;
  readonly moments: Readonly<Record<string, RecordedSnapshot>>;
}

export function readRecording(name: string): Recording {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'recorded', `${name}.json`), 'utf8'));
}
