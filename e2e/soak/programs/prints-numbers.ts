// Prints numbered lines, and records their number in the page of its run after each write.
// Usage: prints-numbers.ts BOOK BEHAVIOR
// BEHAVIOR is `steady` (runs until it is stopped), `crashes` (ends within about 8 seconds) or `job` (ends within a second).
// SIGUSR2 makes it print a flood of lines. While BOOK/calm exists, it prints little and does not end.
import { existsSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { lineText, maxBatch } from './line.ts';

const [book = '', behavior = 'steady'] = process.argv.slice(2);
const { CANDLE_RUN_ID: runId = '', CANDLE_SERVICE: service = '' } = process.env;
// If a run is started twice, this fails because its page already exists.
const page = openSync(join(book, 'pages', runId), 'wx');
const lastingMs = { steady: Infinity, crashes: 200 + Math.random() * 8_000, job: Math.random() * 900 }[behavior] ?? 0;
const beganMs = performance.now();
let printed = 0;
let bytes = 0;

/** Prints the next lines with one write if possible. */
function print(lines: number): void {
  const text = Array.from({ length: lines }, (_, index) => `${lineText(runId, printed + index + 1)}\n`).join('');
  const length = Buffer.byteLength(text);
  for (let at = 0; at < length; ) at += writeSync(1, Buffer.from(text).subarray(at));
  printed += lines;
  bytes += length;
  note();
}

function note(): void {
  writeSync(page, `${service} ${process.pid} ${printed} ${bytes}`.padEnd(120), 0);
}

function between(min: number, max: number): number {
  return Math.round(min + Math.random() * (max - min));
}

const pace = [
  () => ({ lines: 1, pauseMs: between(20, 400) }),
  () => ({ lines: between(1, 50), pauseMs: between(5, 100) }),
  () => ({ lines: between(500, maxBatch), pauseMs: between(300, 3_000) }),
][between(0, 2)];

function end(): void {
  const how = between(0, 3);
  if (how === 0) process.kill(process.pid, 'SIGKILL');
  else process.exit(how - 1);
}

function printNext(): void {
  const isCalm = existsSync(join(book, 'calm'));
  if (!isCalm && performance.now() - beganMs > lastingMs) end();
  const { lines, pauseMs } = (isCalm ? undefined : pace?.()) ?? { lines: 1, pauseMs: 200 };
  print(lines);
  setTimeout(printNext, pauseMs);
}

process.on('SIGUSR2', () => {
  const max = [1, 30, maxBatch][between(0, 2)] ?? 1;
  for (let left = between(20_000, 60_000); left > 0; left -= max) print(Math.min(max, left));
});
note();
printNext();
