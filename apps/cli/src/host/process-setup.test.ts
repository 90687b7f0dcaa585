import { expect, test } from 'vitest';
import { ignoreTerminalOfAgent, wantsNextLine } from './process-setup.ts';

test.each([
  ['a person at a terminal', { out: true, err: true, env: {} }, false],
  ['a person who pipes', { out: false, err: true, env: {} }, false],
  ['a script', { out: false, err: false, env: {} }, true],
  ['an agent without a terminal', { out: false, err: false, env: { CLAUDECODE: '1' } }, true],
  ['an agent with a terminal', { out: true, err: true, env: { GEMINI_CLI: '1' } }, true],
] as const)('%s', (_, { out, err, env }, isShown) => {
  const caller = { env, stdout: { isTTY: out as boolean }, stderr: { isTTY: err as boolean } };
  ignoreTerminalOfAgent(caller);
  expect(wantsNextLine(caller)).toBe(isShown);
  expect(caller.stdout.isTTY).toBe(out && !('GEMINI_CLI' in env));
});
