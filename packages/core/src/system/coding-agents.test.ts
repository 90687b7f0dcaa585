import { expect, test } from 'vitest';
import { codingAgentMarks, isAgentVariable, isRunByAgent } from './coding-agents.ts';

test('each mark identifies an agent and is an agent variable', () => {
  for (const mark of codingAgentMarks)
    expect([mark, isRunByAgent({ [mark]: '1' }), isAgentVariable(mark)]).toEqual([mark, true, true]);
});

test("agent settings in a person's shell do not count as an agent", () => {
  const settings = {
    CODEX_HOME: '/home/ada/.codex',
    CLAUDE_CODE_USE_BEDROCK: '1',
    CURSOR_TRACE_ID: 'x',
    CLAUDECODE: '',
  };
  expect(isRunByAgent(settings)).toBe(false);
  expect(Object.keys(settings).filter((name) => !isAgentVariable(name))).toEqual([]);
  expect(['PATH', 'HOME', 'CLAUDE', 'MY_CODEX_HOME'].filter(isAgentVariable)).toEqual([]);
});
