import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect } from 'vitest';
import { calm } from '../test/calm.ts';
import { program } from '../test/services/programs.ts';
import type { OutputWorld } from './output-world.ts';

export interface Printing {
  readonly count?: number;
  readonly bytes?: number;
  /** Lines per second. */
  readonly rate?: number;
  /** Lines printed at once before that. */
  readonly burst?: number;
  readonly exit?: number;
  /** Prints until this file exists. */
  readonly until?: string;
}

/** Returns the shell command of a service that prints numbered lines. */
export function printsLines(printing: Printing): string {
  return program(
    'prints-numbered-lines.mjs',
    ...Object.entries(printing).flatMap(([name, value]) => [`--${name}`, value as string | number]),
  );
}

/** Ends a service that prints until a file exists, and returns how many lines it printed. */
export async function endPrinting(path: string): Promise<number> {
  writeFileSync(path, '');
  // The service may run as another user.
  chmodSync(path, 0o666);
  await until('the service has written how many lines it printed', () => existsSync(path) && statSync(path).size > 0);
  return Number(readFileSync(path, 'utf8'));
}

/** More than a service needs that only waits for its turn on a busy machine. */
const checksInARow = 50;

/** Waits until a service that prints all the time can no longer do so. */
export async function awaitHeldOutput(pid: number): Promise<void> {
  const bytesWritten = () => /^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1];
  let last = bytesWritten();
  let checks = 0;
  await until('the service cannot print', () => {
    const now = bytesWritten();
    checks = now === last ? checks + 1 : 0;
    last = now;
    return checks >= checksInARow;
  });
}

/** Returns how many bytes of the run's output are stored in segments. */
export function storedBytes(run: string): number {
  const log = join(run, 'log');
  if (!existsSync(log)) return 0;
  const segments = readdirSync(log).filter((name) => name.endsWith('.seg'));
  return segments.reduce((sum, name) => sum + statSync(join(log, name)).size, 0);
}

export interface Tally {
  readonly first: number;
  readonly last: number;
  readonly lines: number;
  /** Numbers between the first and the last that are absent. */
  readonly missing: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  /** Lines that differ from what the program printed. */
  readonly torn: number;
}

/** Counts the numbered lines in a text, and ignores marks. */
export function tally(text: string, bytes = 100): Tally {
  const seen = new Set<number>();
  const found = { first: 0, last: 0, lines: 0, doubled: 0, outOfOrder: 0, torn: 0 };
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('---')) continue;
    const number = Number(/^line (\d+) x*$/.exec(line)?.[1]);
    if (Number.isNaN(number) || line.length !== bytes - 1) {
      found.torn += 1;
      continue;
    }
    if (seen.has(number)) found.doubled += 1;
    else if (number < found.last) found.outOfOrder += 1;
    seen.add(number);
    found.lines += 1;
    found.first ||= number;
    found.last = Math.max(found.last, number);
  }
  return { ...found, missing: seen.size === 0 ? 0 : found.last - found.first + 1 - seen.size };
}

/** The tally of a complete log: every printed line once, in order. */
export function allOf(count: number): Tally {
  return { first: 1, last: count, lines: count, missing: 0, doubled: 0, outOfOrder: 0, torn: 0 };
}

/** Reads all output of a service through the CLI. */
export async function allLogs({ candle }: OutputWorld, name = 'api'): Promise<string> {
  const { stdout, stderr, exitCode } = await candle(['logs', name, '-n', '10000000']);
  expect({ stderr, exitCode }).toEqual({ stderr: calm, exitCode: 0 });
  return stdout;
}

/** Waits until the run has ended and all its output is copied, then returns its output with the marks. */
export async function logsOfEnded(world: OutputWorld, name = 'api', timeoutMs = 60_000): Promise<string> {
  const spool = join(await world.runPath(name), 'spool');
  await until('the output of the ended run is copied', () => !existsSync(spool), {
    timeoutMs,
    explain: async () => (await world.candle(['logs', name, '-n', '5'])).stdout,
  });
  return allLogs(world, name);
}
