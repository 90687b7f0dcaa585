import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandGroups, forOneProject, otherCommands, useCaseCommands } from './use-case-commands.ts';

const ids = readdirSync(join(import.meta.dirname, 'commands'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.replace(/(\/index)?\.ts$/, '').replaceAll('/', ':'))
  .toSorted();

test('every command is listed exactly once, as a use case or as another command, and nothing else is listed', () => {
  const listed = Object.values(useCaseCommands).flatMap(({ commands }) => commands);
  const withoutPlugins = ids.filter((id) => !id.startsWith('plugins'));
  expect([...listed, ...Object.keys(otherCommands)].toSorted()).toEqual(withoutPlugins);
});

test('every command is in exactly one group, or is the same for all projects as one that is', () => {
  const grouped = commandGroups.flatMap(({ commands }) => commands);
  expect(new Set(grouped).size).toBe(grouped.length);
  expect(ids).toEqual(expect.arrayContaining(grouped));
  expect(grouped).toEqual(expect.arrayContaining(ids.map(forOneProject)));
});

test('a use case has a command with its own name', () => {
  for (const [useCase, { commands }] of Object.entries(useCaseCommands)) expect(commands[0]).toBe(useCase);
});
