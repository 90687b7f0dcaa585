import { expect, test } from 'vitest';
import { commandGroups, useCaseCommands } from '../use-case-commands.ts';
import { meantCommand } from './command-not-found.ts';

const aliases: Readonly<Record<string, readonly string[]>> = {
  kill: ['stop'],
  'open-browser': ['open'],
  ps: ['status'],
  start: ['run'],
};
const ids = [...Object.values(useCaseCommands), ...commandGroups].flatMap(({ commands }) => commands);
const commands = [...new Set(ids)].map((id) => ({ id, aliases: aliases[id] ?? [] }));

test.each([
  ['reserve-prot', 'reserve-port'],
  ['strat', 'start'],
  ['statsu', 'status'],
  ['RESERVE-PORT', 'reserve-port'],
  ['plugins:isntall', 'plugins install'],
  ['tail', 'logs -f'],
  ['kill-port', 'kill --port'],
  ['reserve', 'reserve-port'],
  ['release', 'release-ports'],
  ['doc', 'get-doc'],
  ['docs', 'list-docs'],
  ['config', 'config-schema'],
  ['service', 'add-service'],
  ['zzzzzzzz', undefined],
  ['nope', undefined],
  ['toString', undefined],
])('%s: did you mean %s', (written, meant) => {
  expect(meantCommand(written, commands)).toBe(meant);
});

test.each([
  ['dwon', 'down'],
  ['kil', 'kill'],
  ['stpo', 'stop'],
  ['dawns', undefined],
  ['klll', 'kill'],
  ['kiln-al', undefined],
  ['erasing-databas', undefined],
])('a command that stops or deletes something is meant only by a misspelling: %s', (written, meant) => {
  expect(meantCommand(written, commands)).toBe(meant);
});
