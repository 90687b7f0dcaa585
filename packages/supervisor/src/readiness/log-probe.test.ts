import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Run, runDir } from '@candle/core/runs';
import { expect, onTestFinished, test } from 'vitest';
import { openLogProbe } from './log-probe.ts';

/** A run that consists only of its output. */
function printing(pattern: { text: string; isRegex?: boolean }) {
  const stateDir = mkdtempSync(join(tmpdir(), 'candle-log-probe-'));
  const dir = runDir(stateDir, 'r1');
  mkdirSync(dir.log, { recursive: true });
  const clock = { nowMs: 0 };
  const waiting = { nowMs: () => clock.nowMs, sleep: async () => undefined };
  const probe = openLogProbe({ stateDir, waiting }, { id: 'r1' } as Run, {
    kind: 'log',
    text: pattern.text,
    isRegex: pattern.isRegex ?? false,
  });
  onTestFinished(() => {
    probe.close();
    rmSync(stateDir, { recursive: true });
  });
  return {
    probe,
    clock,
    print: (text: string) => appendFileSync(dir.spool, text),
    truncate: (text = '') => writeFileSync(dir.spool, text),
    segment: (name: string, text: string) => writeFileSync(join(dir.log, `${name}.seg`), text),
    evict: (name: string) => rmSync(join(dir.log, `${name}.seg`)),
  };
}

test('finds a text as soon as it is printed, and not before', async () => {
  const { probe, print } = printing({ text: 'listening on' });
  expect(await probe.check()).toBe(false);
  print('starting\nlistening ');
  expect(await probe.check()).toBe(false);
  print('on 4000\n');
  expect(await probe.check()).toBe(true);
  print('closing\n');
  expect(await probe.check()).toBe(true);
});

test('matches a text literally and a regular expression as such', async () => {
  const text = printing({ text: 'up.' });
  const regex = printing({ text: '^up.$', isRegex: true });
  for (const { print } of [text, regex]) print('up!\n');
  expect([await text.probe.check(), await regex.probe.check()]).toEqual([false, true]);
});

test('reads output once, across the boundary between the copy and the spool', async () => {
  const { probe, print, segment } = printing({ text: 'server up' });
  print('starting\nserver ');
  expect(await probe.check()).toBe(false);
  segment('0.0', 'starting\nserver ');
  print('up\n');
  expect(await probe.check()).toBe(true);
});

test('reads a large output to its end in one check', async () => {
  const { probe, print } = printing({ text: 'the last line' });
  for (let block = 0; block < 80; block++) print(`${'x'.repeat(99)}\n`.repeat(1_000));
  print('the last line\n');
  expect(await probe.check()).toBe(true);
});

test('continues at the start after the program truncated its output', async () => {
  const { probe, print, truncate } = printing({ text: 'up' });
  print('a long beginning\nand more of it\n');
  expect(await probe.check()).toBe(false);
  truncate('up\n');
  expect(await probe.check()).toBe(true);
});

test('skips output that was evicted before it was read', async () => {
  const { probe, segment, evict } = printing({ text: 'up' });
  segment('0.0', 'beginning\nu');
  expect(await probe.check()).toBe(false);
  segment('0.11', 'xxxxxxxxx\n');
  segment('0.21', 'p\nup\n');
  evict('0.0');
  evict('0.11');
  expect(await probe.check()).toBe(true);
});

test('a closed probe finds nothing', async () => {
  const { probe, print } = printing({ text: 'up' });
  print('up\n');
  probe.close();
  expect(await probe.check()).toBe(false);
});

test('counts a line without a newline only after an idle gap, because it may continue', async () => {
  const ready = printing({ text: '^ready$', isRegex: true });
  ready.print('ready');
  expect(await ready.probe.check()).toBe(false);
  ready.clock.nowMs = 199;
  expect(await ready.probe.check()).toBe(false);
  ready.print('ing');
  ready.clock.nowMs = 1_000;
  expect(await ready.probe.check()).toBe(false);

  const prompt = printing({ text: '^login: $', isRegex: true });
  prompt.print('login: ');
  expect(await prompt.probe.check()).toBe(false);
  prompt.clock.nowMs = 200;
  expect(await prompt.probe.check()).toBe(true);
});
