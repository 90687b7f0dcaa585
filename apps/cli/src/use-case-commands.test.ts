import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { otherCommands, useCaseCommands } from './use-case-commands.ts';

test('every command is listed exactly once, as a use case or as another command, and nothing else is listed', () => {
  const files = readdirSync(join(import.meta.dirname, 'commands')).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const listed = Object.values(useCaseCommands).flatMap(({ commands }) => commands);
  expect([...listed, ...Object.keys(otherCommands)].toSorted()).toEqual(
    files.map((file) => basename(file, '.ts')).toSorted(),
  );
});

test('a use case has a command with its own name', () => {
  for (const [useCase, { commands }] of Object.entries(useCaseCommands)) expect(commands[0]).toBe(useCase);
});
