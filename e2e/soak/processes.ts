import type { Sandbox } from '@candle/test-kit';

export function supervisorsOf(box: Sandbox): readonly number[] {
  return box.background().flatMap(({ pid, command }) => (command.startsWith('candle-supervisor') ? [pid] : []));
}

export function watchdogsOf(box: Sandbox): readonly number[] {
  return box.background().flatMap(({ pid, command }) => (command.includes('candle-watchdog') ? [pid] : []));
}

export function shimsOf(box: Sandbox): readonly number[] {
  return box.processes().flatMap(({ pid, command }) => (command.includes('/shim.sh') ? [pid] : []));
}
