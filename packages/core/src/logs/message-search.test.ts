import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linePattern } from './line-pattern.ts';
import { MessageSearch } from './message-search.ts';

/** Searches these chunks one after another. Returns the line that was found, and after how many chunks. */
async function search(message: string, chunks: readonly (string | Buffer)[], options: { isRegex?: boolean } = {}) {
  const search = new MessageSearch(await linePattern(message, options));
  for (const [index, chunk] of chunks.entries()) {
    const found = await search.add(Buffer.from(chunk));
    if (found !== undefined) return [found, index + 1];
  }
  return [search.checkRest(), 'rest'];
}

test('finds a message in a line however the output is split into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(6)), fc.boolean(), async (cuts, isRegex) => {
      const bytes = Buffer.from('first\n\u001b[32mlistening\u001b[0m on → \u001b[1m4000\u001b[0m\nlast\n');
      const chunks: Buffer[] = [];
      for (let at = 0, cut = 0; at < bytes.length; cut++) {
        const length = cuts[cut] ?? bytes.length;
        chunks.push(bytes.subarray(at, at + length));
        at += length;
      }
      const [found] = await search(isRegex ? 'on → \\d+$' : 'listening on → 4', chunks, { isRegex });
      expect(found).toMatch(/^listening on → 4/);
    }),
  );
});

test('finds plain text before its line ends, but waits for the end with a regular expression', async () => {
  expect(await search('ready', ['rea', 'dy', '!\n'])).toEqual(['ready', 2]);
  expect(await search('ready', ['rea', 'dy', '!\n'], { isRegex: true })).toEqual(['ready!', 3]);
  expect(await search('ready$', ['ready'], { isRegex: true })).toEqual(['ready', 'rest']);
});

test('does not match across lines and is case-sensitive', async () => {
  expect(await search('one two', ['one\n two\n'])).toEqual([undefined, 'rest']);
  expect(await search('Ready', ['ready\n'])).toEqual([undefined, 'rest']);
});

test('searches a line of 64 MiB without buffering it', async () => {
  const chunk = Buffer.alloc(256 * 1024, 'x');
  const search = new MessageSearch(await linePattern('needle'));
  for (let times = 0; times < 256; times++) expect(await search.add(chunk)).toBe(undefined);
  expect(await search.add(Buffer.from('nee'))).toBe(undefined);
  expect(await search.add(Buffer.from('dle'))).toMatch(/^x+needle$/);
});

test('sees each line whole, once and in order, however the output is split into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme-ascii' })), fc.array(fc.nat(30)), async (printed, cuts) => {
      const bytes = Buffer.from(printed.map((line) => `${line}\n`).join(''));
      const seen: string[] = [];
      const search = new MessageSearch({ matches: (line) => seen.push(line) === 0 });
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        await search.add(bytes.subarray(at, at + cut));
        at += cut;
      }
      expect(seen).toEqual(printed.flatMap((line) => line.split('\n')));
    }),
  );
});

test('ignores escape sequences and the carriage return of a line', async () => {
  expect(
    await search('^ready in 5 ms$', ['\u001b[32mready\u001b[0m in \u001b[1m5\u001b[22m ms\r\n'], { isRegex: true }),
  ).toEqual(['ready in 5 ms', 1]);
});

test('with a regular expression, keeps only the beginning of a long line', async () => {
  let longest = 0;
  const search = new MessageSearch({
    matches: (line) => {
      longest = Math.max(longest, line.length);
      return line.startsWith('ready');
    },
  });
  expect(await search.add(Buffer.from('ready'))).toBe(undefined);
  for (let times = 0; times < 64; times++) await search.add(Buffer.alloc(64 * 1024, 'x'));
  expect(await search.add(Buffer.from('\n'))).toMatch(/^readyx+$/);
  expect(longest).toBeLessThan(2 * 1024 * 1024);
});

test('a cancelled search finds nothing more', async () => {
  const cancelling = new AbortController();
  let seen = 0;
  const matches = () => {
    seen++;
    cancelling.abort();
    return false;
  };
  const search = new MessageSearch({ matches }, cancelling.signal);
  expect(await search.add(Buffer.from('one\ntwo\nthree\n'))).toBe(undefined);
  expect(seen).toBe(1);
});
