import { stripVTControlCharacters } from 'node:util';
import type { LogEntry, ServiceLog } from '@candle/core';
import { renderTime } from './render-reserved-ports.ts';

/** Characters that are written at once. All of a log may be more than one string holds. */
const blockLength = 64 * 1024;

/**
 * Lines as they were printed (without `color`, less their escape sequences), runs marked; with several services each
 * begins with its name. In blocks of whole lines.
 */
export function* renderLogs(logs: readonly ServiceLog[], { color }: { color: boolean }): Generator<string> {
  let block = '';
  for (const { name, entries } of logs) {
    const label = logs.length > 1 ? `[${name}] ` : '';
    for (const entry of entries) {
      block += `${label}${renderEntry(entry, color)}\n`;
      if (block.length < blockLength) continue;
      yield block;
      block = '';
    }
  }
  if (block !== '') yield block;
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
