import { expect, test } from 'vitest';
import { codingAgentMarks, isRunByAgent, speaksOfAgent } from './coding-agents.ts';

test('each mark tells an agent, and is nothing that a service should hear of', () => {
  for (const mark of codingAgentMarks)
    expect([mark, isRunByAgent({ [mark]: '1' }), speaksOfAgent(mark)]).toEqual([mark, true, true]);
});

test('the settings of an agent in the shell of a person make no agent of the person', () => {
  const settings = {
    CODEX_HOME: '/home/ada/.codex',
    CLAUDE_CODE_USE_BEDROCK: '1',
    CURSOR_TRACE_ID: 'x',
    CLAUDECODE: '',
  };
  expect(isRunByAgent(settings)).toBe(false);
  expect(Object.keys(settings).filter((name) => !speaksOfAgent(name))).toEqual([]);
  expect(['PATH', 'HOME', 'CLAUDE', 'MY_CODEX_HOME'].filter(speaksOfAgent)).toEqual([]);
});
