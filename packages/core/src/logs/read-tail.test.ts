import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readTail } from './read-tail.ts';

const dir = mkdtempSync(join(tmpdir(), 'candle-tail-'));
afterAll(() => rmSync(dir, { recursive: true }));

function file(content: string | Buffer): string {
  const path = join(dir, 'spool');
  writeFileSync(path, content);
  return path;
}

test('the last lines are what splitting the whole file would give, whatever their length', async () => {
  // Around the size of a block the reading backwards has its seams.
  const line = fc.oneof(
    { weight: 8, arbitrary: fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[\r\n]/g, '_')) },
    { weight: 1, arbitrary: fc.integer({ min: 65_530, max: 65_542 }).map((length) => 'x'.repeat(length)) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.boolean(), fc.nat(40), async (lines, ended, count) => {
      const text = lines.join('\n') + (ended && lines.length > 0 ? '\n' : '');
      const all = text === '' ? [] : text.replace(/\n$/, '').split('\n');
      const tail = await readTail(file(text), count);
      expect(tail.lines).toEqual(count === 0 ? [] : all.slice(-count));
      expect(tail.isWhole).toBe(count === 0 ? text === '' : all.length <= count);
    }),
    { numRuns: 150 },
  );
});

test('a last line without its newline is shown', async () => {
  expect((await readTail(file('one\ntwo> '), 5)).lines).toEqual(['one', 'two> ']);
});

test('NUL bytes, invalid UTF-8 and carriage returns do not swallow a line', async () => {
  const bytes = Buffer.concat([Buffer.from('a\0b\n'), Buffer.from([0xff, 0xc3, 0x0a]), Buffer.from('c\r\n')]);
  expect((await readTail(file(bytes), 5)).lines).toEqual(['a\0b', '\ufffd\ufffd', 'c']);
});

test('a line that is too long for a string is cut', async () => {
  const path = file('');
  truncateSync(path, 80 * 1024 * 1024);
  appendFileSync(path, '\nshort\n');
  const [long, short] = (await readTail(path, 2)).lines;
  expect([long?.length, long?.at(-1), short]).toEqual([64 * 1024 * 1024 + 1, '…', 'short']);
});

test('a file that is gone has no lines', async () => {
  expect(await readTail(join(dir, 'absent'), 5)).toEqual({ lines: [], isWhole: true });
});
