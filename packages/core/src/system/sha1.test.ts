import { hash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha1 } from './sha1.ts';

test('is the SHA-1 of node:crypto for texts of every length and character', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.nat({ max: 300 }).map((length) => 'x'.repeat(length)),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(sha1(text)).toBe(hash('sha1', text));
    }),
  );
  for (let length = 0; length <= 130; length++) expect(sha1('é'.repeat(length))).toBe(hash('sha1', 'é'.repeat(length)));
  expect(sha1('\ud800')).toBe(hash('sha1', '\ud800'));
});
