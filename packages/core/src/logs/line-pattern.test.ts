import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileExpression, isProbablyExpression } from './line-pattern.ts';

const matches = async (expression: string, line: string) => (await compileExpression(expression)).matches(line);

test.each([
  ['ready in \\d+ ms', 'ready in 40 ms', true],
  ['^ready$', 'not ready', false],
  ['(?i)READY', 'ready', true],
  ['(listening|started) on :\\d{2,5}$', 'started on :4000', true],
  ['\\p{Greek}+', 'λ', true],
  ['^.$', '😀', true],
  ['\\bup\\b', 'setup', false],
  ['\\x{2713} ready', '✓ ready', true],
  ['^\\x{1F600}{2}$', '😀😀', true],
  ['{"ready":true}', '{"ready":true}', true],
])('%s matches %s: %s', async (expression, line, expected) => {
  expect(await matches(expression, line)).toBe(expected);
});

test.each([
  ['a(?=b)', 'look-around is not supported: (?= at character 2', 2],
  ['(?!a)', 'look-around is not supported: (?! at character 1', 1],
  ['x(?<=a)', 'look-around is not supported: (?<= at character 2', 2],
  ['(?<!a)b', 'look-around is not supported: (?<!', null],
  ['(a)\\1', 'back-references are not supported: \\1 at character 4', 4],
  ['(?<n>a)\\k<n>', 'back-references are not supported: \\k at character 8', 8],
  ['(', 'missing closing ): (', null],
  ['ab[b-a]', 'invalid character class range: b-a at character 4', 4],
  ['a{1001}', 'its repetitions amount to more than 500 characters', null],
  ['(()()()()()()){100}', 'its repetitions amount to more than 500 characters', null],
  ['x{100}'.repeat(6), 'its repetitions amount to more than 500 characters', null],
  ['((a{10}){6}){10}', 'its repetitions amount to more than 500 characters', null],
  ['x'.repeat(1_001), 'it is longer than 1000 characters', null],
])('rejects %s', async (expression, reason, position) => {
  await expect(compileExpression(expression)).rejects.toMatchObject({
    code: 'LOGS_PATTERN_INVALID',
    details: { reason, position },
  });
});

test('searches the first 64 KiB of a line', async () => {
  expect(await matches('ready in \\d+ ms$', `${'x'.repeat(65_500)}ready in 1 ms`)).toBe(true);
  expect(await matches('z', `${'x'.repeat(65_535)}z`)).toBe(true);
  expect(await matches('z', `${'x'.repeat(65_536)}z`)).toBe(false);
  expect(await matches('x$', 'x'.repeat(10_000_000))).toBe(true);
});

test('searches less of a line with a large expression', async () => {
  const large = `a[ab]{480}z`;
  expect(await matches(large, `a${'b'.repeat(480)}z`)).toBe(true);
  expect(await matches(large, `${'x'.repeat(2_000)}a${'b'.repeat(480)}z`)).toBe(false);
});

/** Expressions that mean the same in JavaScript, and backtrack little on short lines. */
const { expression } = fc.letrec<{ expression: string; part: string }>((tie) => ({
  expression: fc
    .array(tie('part'), { minLength: 1, maxLength: 4 })
    .chain((parts) => fc.constantFrom(parts.join(''), `^${parts.join('')}`, `${parts.join('')}$`, parts.join('|'))),
  part: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom('a', 'b', '\\d', '\\w', '[ab]', '[^a]', '.', '\\.', '\\b', '(?:)', 'é'),
    fc
      .tuple(fc.constantFrom('a', 'b', '\\d', '[ab0]', '.'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '*?'))
      .map((both) => both.join('')),
    tie('expression').map((inner) => `(${inner})`),
    tie('expression').map((inner) => `(?:${inner})?`),
  ),
}));

test('agrees with JavaScript where both have the same syntax', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', '0', '.', ' ', 'é', '-'), maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(expression, fc.array(line, { minLength: 1, maxLength: 8 }), async (text, lines) => {
      const compiled = await compileExpression(text);
      const expected = new RegExp(text, 'u');
      for (const tested of lines) expect([tested, compiled.matches(tested)]).toEqual([tested, expected.test(tested)]);
    }),
    { numRuns: 1_000 },
  );
});

test.each([...['a.*b', '.*', 'x.+', '\\d+', '[0-9]+', '^error', 'up$', 'error|warning', '(?i)error', '\\.js']])(
  '%s looks like an expression',
  (text) => {
    expect(isProbablyExpression(text)).toBe(true);
  },
);

test.each([
  'GET /api/v1?x=1',
  'a + b',
  'error: [api] failed.',
  'c++',
  'f(x)',
  '$ npm run',
  '5 * 3',
  'a | b',
  'http://a.test:80/',
])('%s does not look like an expression', (text) => {
  expect(isProbablyExpression(text)).toBe(false);
});
