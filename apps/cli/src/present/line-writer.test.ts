import { until } from '@candle/test-kit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineWriter } from './line-writer.ts';

function writer(label = '[api] ') {
  const written: string[] = [];
  return { written, lines: new LineWriter(label, (text) => written.push(text)) };
}

test('lines are complete and in order, however the output is split into blocks', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(40)), (text, cuts) => {
      const bytes = Buffer.from(text);
      const { written, lines } = writer('');
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        lines.add(bytes.subarray(at, at + cut));
        at += cut;
      }
      lines.end();
      expect(written.join('')).toBe(text);
    }),
  );
});

test('every line starts with the name of its service', () => {
  const { written, lines } = writer();
  lines.add(Buffer.from('one\ntwo\nthr'));
  expect(written.join('')).toBe('[api] one\n[api] two\n');
  lines.add(Buffer.from('ee\n'));
  expect(written.join('')).toBe('[api] one\n[api] two\n[api] three\n');
});

test('a line without a newline is shown after an idle gap', async () => {
  const { written, lines } = writer();
  lines.add(Buffer.from('password: '));
  expect(written.join('')).toBe('');
  await until('the prompt is shown', () => written.join('') === '[api] password: \n');
});
