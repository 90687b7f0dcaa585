import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomVariables } from '../../../test/random-variables.ts';
import { writeShell } from './shell-environment.ts';

/** The environment of a program that a shell starts after `eval "$(…)"`. */
function evaluated(text: string): ReadonlyMap<string, string> {
  const script = 'eval "$(cat)"; exec env -0';
  const seen = execFileSync('/bin/sh', ['-c', script], { input: text, env: {}, encoding: 'utf8' });
  return new Map(
    seen
      .split('\0')
      .filter((entry) => entry.startsWith('V_'))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

test('a shell that evaluates the output has the same values', { timeout: 20_000 }, () => {
  fc.assert(
    fc.property(randomVariables, (variables) => {
      const { text, omitted } = writeShell(variables);
      expect(omitted).toEqual([]);
      expect(evaluated(text)).toEqual(new Map(variables.map(({ name, value }) => [name, value])));
    }),
    { numRuns: 60 },
  );
});

test('names that a shell cannot assign to are omitted', () => {
  const names = ['A', 'A-B', 'npm_config_//host/:_token', 'BASH_FUNC_x%%', '1A', '', 'UID', 'SHELLOPTS', '_b2'];
  const { text, omitted } = writeShell(names.map((name) => ({ name, value: 'v' })));
  expect(text).toBe("export A='v'\nexport _b2='v'");
  expect(omitted).toEqual(['A-B', 'npm_config_//host/:_token', 'BASH_FUNC_x%%', '1A', '', 'UID', 'SHELLOPTS']);
});
