import { expect, test } from 'vitest';
import { checkOutput } from './check-output.ts';
import { lineText } from './programs/line.ts';

const run = 'm1-ab';
const line = (n: number) => lineText(run, n);
const text = (...lines: string[]) => lines.map((one) => `${one}\n`).join('');

test('accepts complete lines in order, and ignores marks and shell messages', () => {
  const output = text(line(1), line(2), line(3), 'Killed', '--- killed by SIGKILL 2026-01-01 10:00 ---');
  expect(checkOutput(output, run)).toEqual({ first: 1, last: 3, isCutAtFront: false, isTorn: false });
  expect(checkOutput('', run)).toMatchObject({ first: undefined, last: undefined });
});

test('reports a missing, a duplicated, an unknown and a damaged line', () => {
  for (const [output, problem] of [
    [text(line(1), line(3)), 'line 3 where 2 should be'],
    [text(line(1), line(2), line(2)), 'line 2 where 3 should be'],
    [text(line(1), 'something', line(2)), 'something'],
    [text(line(1), line(2).slice(1), line(3)), 'after line 1'],
    [text(line(1), line(2).slice(0, 9), line(2)), 'line 2 follows the torn line'],
    [text(lineText('other', 1)), 'other 1'],
  ] as const) {
    const found = checkOutput(output, run);
    expect(`${found.problem ?? (found.isCutAtFront ? 'cut: other 1' : '')}`).toContain(problem);
  }
});

test('reports a partial first line and a partial last line', () => {
  expect(checkOutput(text(line(9).slice(7), line(10)), run)).toMatchObject({ first: 10, last: 10, isCutAtFront: true });
  expect(checkOutput(text(line(8).slice(7), line(10)), run)).toMatchObject({ problem: expect.anything() });
  expect(checkOutput(`${text(line(1))}${line(2).slice(0, 12)}Killed\n`, run)).toMatchObject({ last: 1, isTorn: true });
});
