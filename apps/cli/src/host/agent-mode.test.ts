import { expect, test } from 'vitest';
import { isAgentMode, wantsNextLine } from './agent-mode.ts';

const caller = (out: boolean, err: boolean, env: NodeJS.ProcessEnv = {}) => ({
  env,
  stdout: { isTTY: out },
  stderr: { isTTY: err },
});

test.each([
  ['a person at a terminal', caller(true, true), [false, false]],
  ['a person who pipes', caller(false, true), [true, false]],
  ['a script', caller(false, false), [true, true]],
  ['an agent without a terminal', caller(false, false, { CLAUDECODE: '1' }), [true, true]],
  ['an agent with a terminal', caller(true, true, { GEMINI_CLI: '1' }), [true, true]],
] as const)('%s', (_, process, [agentMode, nextLine]) => {
  expect([isAgentMode(process), wantsNextLine(process)]).toEqual([agentMode, nextLine]);
});
