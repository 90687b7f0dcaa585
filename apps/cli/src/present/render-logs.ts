import { stripVTControlCharacters } from 'node:util';
import type { LogEntry, ServiceLog } from '@candle/core';
import { renderTime } from './render-reserved-ports.ts';

/** Lines as they were printed (without `color`, less their escape sequences), runs marked; with several services each begins with its name. */
export function renderLogs(logs: readonly ServiceLog[], { color }: { color: boolean }): string {
  return logs
    .flatMap(({ name, entries }) =>
      entries.map((entry) => `${logs.length > 1 ? `[${name}] ` : ''}${renderEntry(entry, color)}`),
    )
    .join('\n');
}

function renderEntry(entry: LogEntry, color: boolean): string {
  switch (entry.kind) {
    case 'line':
      return color ? entry.text : stripVTControlCharacters(entry.text);
    case 'started':
      return `--- started ${renderTime(entry.atMs)} ---`;
    case 'ended':
      return `--- ${describeEnd(entry)}${entry.atMs === null ? '' : ` ${renderTime(entry.atMs)}`} ---`;
  }
}

function describeEnd({ reason, exitCode }: Extract<LogEntry, { kind: 'ended' }>): string {
  if (reason === 'stopped') return 'stopped';
  if (reason === 'replaced') return 'stopped, to be started again';
  if (reason === 'interrupted') return 'start was interrupted';
  return exitCode === null ? 'ended, nobody saw how' : `exited with code ${exitCode}`;
}
