import { getEventListeners } from 'node:events';
import { appendFileSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep, setImmediate as tick } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { GrowthWatch } from './output-watch.ts';

/** A longer wait is a wait for an event. A wait for a hot file takes 5 ms. */
const coldWaitMs = 150;
/** Longer than any test, so that a test times out if an event is lost. */
const coldPollMs = 600_000;

function directory(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'candle-growth-')));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

function open(path: string, signal?: AbortSignal): GrowthWatch {
  const watch = new GrowthWatch(path, signal, coldPollMs);
  onTestFinished(() => watch.close());
  return watch;
}

function emptyFile(name = 'spool'): string {
  const path = join(directory(), name);
  writeFileSync(path, '');
  return path;
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Waits like a reader until the file has the given size. */
async function read(watch: GrowthWatch, path: string, size: number): Promise<void> {
  for (let seen = sizeOf(path); seen < size; ) {
    // A reader works between its read and its wait; a write at that time must not be lost.
    await tick();
    await watch.wait(false);
    seen = sizeOf(path);
  }
}

/** Waits until the file is cold and returns a wait for an event. */
async function coldWait(watch: GrowthWatch): Promise<{ over: Promise<void> }> {
  for (;;) {
    const over = watch.wait(false);
    const isCold = await Promise.race([over.then(() => false), sleep(coldWaitMs, true)]);
    if (isCold) return { over };
  }
}

async function took(wait: Promise<void>): Promise<number> {
  const beganMs = performance.now();
  await wait;
  return performance.now() - beganMs;
}

test('checks a hot file again after some milliseconds, whether it has grown or not', async () => {
  const watch = open(emptyFile());
  for (const grew of [true, false, true]) await watch.wait(grew);
});

test('notices writes to a hot file', async () => {
  const path = emptyFile();
  const watch = open(path);
  const noticed = read(watch, path, 3);
  for (let byte = 0; byte < 3; byte++) await tick(appendFileSync(path, 'x'));
  await noticed;
});

test('keeps a growing file hot', async () => {
  const path = emptyFile();
  const watch = open(path);
  const deadlineMs = performance.now() + 800;
  while (performance.now() < deadlineMs) await watch.wait(true);
});

test('notices a write to a cold file, which is then hot again', async () => {
  const path = emptyFile();
  const watch = open(path);
  for (let round = 0; round < 2; round++) {
    const { over } = await coldWait(watch);
    appendFileSync(path, 'x');
    await over;
    await watch.wait(true);
  }
});

test('notices the truncation of a cold file', async () => {
  const path = emptyFile();
  appendFileSync(path, 'some text');
  const { over } = await coldWait(open(path));
  writeFileSync(path, '');
  await over;
});

test('wake ends the current wait but no later one', async () => {
  const watch = open(emptyFile());
  watch.wake();
  for (let round = 0; round < 2; round++) {
    const { over } = await coldWait(watch);
    watch.wake();
    await over;
  }
});

test('an abort ends the current wait and all later ones', async () => {
  const abort = new AbortController();
  const watch = open(emptyFile(), abort.signal);
  const { over } = await coldWait(watch);
  abort.abort();
  await over;
  for (let wait = 0; wait < 100; wait++) await watch.wait(false);
  await open(emptyFile(), abort.signal).wait(false);
});

test('close removes all listeners from the signal', () => {
  const { signal } = new AbortController();
  const path = emptyFile();
  const watches = Array.from({ length: 20 }, () => new GrowthWatch(path, signal));
  expect(getEventListeners(signal, 'abort')).toHaveLength(20);
  for (const watch of watches) watch.close();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('polls a file that cannot be watched', async () => {
  // A missing file fails in the same way as a reached watch limit.
  const path = join(directory(), 'later');
  const watch = open(path);
  const deadlineMs = performance.now() + 1_000;
  let maxMs = 0;
  while (performance.now() < deadlineMs) maxMs = Math.max(maxMs, await took(watch.wait(false)));
  expect(maxMs).toBeGreaterThan(100);
  const noticed = read(watch, path, 1);
  writeFileSync(path, 'x');
  await noticed;
});

test('the deletion of a cold file ends the wait, and the file is polled from then on', async () => {
  const path = emptyFile();
  const watch = open(path);
  const { over } = await coldWait(watch);
  rmSync(path);
  await over;
  const deadlineMs = performance.now() + 1_000;
  while (performance.now() < deadlineMs) await watch.wait(false);
});

test.each([
  ['before the watch is armed', 0, 0],
  ['after it was armed', 1, 0],
  // The event arrives before anything waits for it.
  ['after it was armed, long before the wait', 1, 5],
])('notices a write between a read and the next wait: %s', async (_, waits, ticks) => {
  const path = emptyFile();
  const watch = open(path);
  // After half a second without a read, the next wait arms the watch and returns at once.
  await sleep(510);
  for (let wait = 0; wait < waits; wait++) await watch.wait(false);
  appendFileSync(path, 'x');
  for (let count = 0; count < ticks; count++) await tick();
  await watch.wait(false);
});

test('loses no write at any moment while a file becomes cold', async () => {
  const dir = directory();
  let count = 0;
  const one = async (name: string, afterMs: number) => {
    const path = join(dir, name);
    writeFileSync(path, '');
    const watch = open(path);
    const write = sleep(afterMs).then(() => appendFileSync(path, 'x'));
    await read(watch, path, 1);
    await write;
    watch.close();
    count++;
  };
  // Around half a second, when polling ends and watching begins.
  for (let round = 0; round < 3; round++) {
    await Promise.all(Array.from({ length: 100 }, (_, index) => one(`${round}-${index}`, 480 + index / 2)));
  }
  expect(count).toBe(300);
});
