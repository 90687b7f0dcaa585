import { getEventListeners } from 'node:events';
import { appendFileSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep, setImmediate as tick } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { GrowthWatch } from './growth-watch.ts';

/** A wait longer than this is one for an event, or for the poll of last resort after five seconds; a hot one takes 5 ms. */
const coldWaitMs = 150;
/** On a busy machine; far from the five seconds after which a lost event would be made good. */
const noticedMs = 2_500;

function directory(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'candle-growth-')));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

function open(path: string, signal?: AbortSignal): GrowthWatch {
  const watch = new GrowthWatch(path, signal);
  onTestFinished(() => watch.close());
  return watch;
}

function emptyFile(name = 'spool'): string {
  const path = join(directory(), name);
  writeFileSync(path, '');
  return path;
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Waits as a reader does until the file is so long; how long that took. */
async function read(watch: GrowthWatch, path: string, size: number): Promise<number> {
  const beganMs = performance.now();
  for (let seen = sizeOf(path); seen < size; ) {
    // A reader has something to do between its look and its wait; what is written then must not be lost.
    await tick();
    await watch.wait(false);
    seen = sizeOf(path);
  }
  return performance.now() - beganMs;
}

/** Waits until a wait is one for an event; that wait. */
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

test('a hot file is looked at again after some milliseconds, whether it has grown or not', async () => {
  const watch = open(emptyFile());
  for (const grew of [true, false, true]) expect(await took(watch.wait(grew))).toBeLessThan(noticedMs);
});

test('what a hot file gets is noticed', async () => {
  const path = emptyFile();
  const watch = open(path);
  const noticed = read(watch, path, 3);
  for (let byte = 0; byte < 3; byte++) await tick(appendFileSync(path, 'x'));
  expect(await noticed).toBeLessThan(noticedMs);
});

test('a file that keeps growing stays hot', async () => {
  const path = emptyFile();
  const watch = open(path);
  const deadlineMs = performance.now() + 800;
  while (performance.now() < deadlineMs) expect(await took(watch.wait(true))).toBeLessThan(noticedMs);
});

test('what a cold file gets is noticed, and then it is hot again', async () => {
  const path = emptyFile();
  const watch = open(path);
  for (let round = 0; round < 2; round++) {
    const { over } = await coldWait(watch);
    appendFileSync(path, 'x');
    expect(await took(over)).toBeLessThan(noticedMs);
    expect(await took(watch.wait(true))).toBeLessThan(noticedMs);
  }
});

test('a cold file that is truncated is looked at', async () => {
  const path = emptyFile();
  appendFileSync(path, 'some text');
  const { over } = await coldWait(open(path));
  writeFileSync(path, '');
  expect(await took(over)).toBeLessThan(noticedMs);
});

test('wake ends the wait that is under way, and none later', async () => {
  const watch = open(emptyFile());
  watch.wake();
  for (let round = 0; round < 2; round++) {
    const { over } = await coldWait(watch);
    watch.wake();
    expect(await took(over)).toBeLessThan(noticedMs);
  }
});

test('an abort ends the wait that is under way, and those that follow do not wait', async () => {
  const abort = new AbortController();
  const watch = open(emptyFile(), abort.signal);
  const { over } = await coldWait(watch);
  abort.abort();
  expect(await took(over)).toBeLessThan(noticedMs);
  for (let wait = 0; wait < 100; wait++) await watch.wait(false);
  expect(await took(open(emptyFile(), abort.signal).wait(false))).toBeLessThan(noticedMs);
});

test('a watch that is closed leaves nothing at the signal that it was given', () => {
  const { signal } = new AbortController();
  const path = emptyFile();
  const watches = Array.from({ length: 20 }, () => new GrowthWatch(path, signal));
  expect(getEventListeners(signal, 'abort')).toHaveLength(20);
  for (const watch of watches) watch.close();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a file that cannot be watched is polled', async () => {
  // Not there yet: for the system the same refusal as a limit that is reached.
  const path = join(directory(), 'later');
  const watch = open(path);
  const deadlineMs = performance.now() + 1_000;
  let maxMs = 0;
  while (performance.now() < deadlineMs) maxMs = Math.max(maxMs, await took(watch.wait(false)));
  expect(maxMs).toBeGreaterThan(100);
  expect(maxMs).toBeLessThan(noticedMs);
  const noticed = read(watch, path, 1);
  writeFileSync(path, 'x');
  expect(await noticed).toBeLessThan(noticedMs);
});

test('a cold file that is deleted ends the wait, and is polled from then on', async () => {
  const path = emptyFile();
  const watch = open(path);
  const { over } = await coldWait(watch);
  rmSync(path);
  expect(await took(over)).toBeLessThan(noticedMs);
  const deadlineMs = performance.now() + 1_000;
  while (performance.now() < deadlineMs) expect(await took(watch.wait(false))).toBeLessThan(noticedMs);
});

test.each([
  ['before the watch is armed', 0, 0],
  ['after it was armed', 1, 0],
  // The event of the watch is there before anybody waits for it.
  ['after it was armed, long before the wait', 1, 5],
])('a write between a look and the wait that follows is noticed: %s', async (_, waits, ticks) => {
  const path = emptyFile();
  const watch = open(path);
  // Half a second in which nobody looks: the next wait arms the watch and returns at once.
  await sleep(510);
  for (let wait = 0; wait < waits; wait++) await watch.wait(false);
  appendFileSync(path, 'x');
  for (let count = 0; count < ticks; count++) await tick();
  expect(await took(watch.wait(false))).toBeLessThan(noticedMs);
});

test('no write is lost, at whatever moment of becoming cold it comes', async () => {
  const dir = directory();
  const lateMs: number[] = [];
  const one = async (name: string, afterMs: number) => {
    const path = join(dir, name);
    writeFileSync(path, '');
    const watch = open(path);
    const write = sleep(afterMs).then(() => {
      appendFileSync(path, 'x');
      return performance.now();
    });
    await read(watch, path, 1);
    lateMs.push(performance.now() - (await write));
    watch.close();
  };
  // Around half a second, when polling ends and watching begins.
  for (let round = 0; round < 3; round++) {
    await Promise.all(Array.from({ length: 100 }, (_, index) => one(`${round}-${index}`, 480 + index / 2)));
  }
  expect(Math.max(...lateMs)).toBeLessThan(noticedMs);
  expect(lateMs).toHaveLength(300);
});
