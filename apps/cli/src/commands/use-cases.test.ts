import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { otherCommands, type UseCase, useCases } from '@candle/core';
import { expect, test } from 'vitest';

test('every command is listed exactly once, as a use case or as another command, and nothing else is listed', () => {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const listed = Object.values<UseCase>(useCases).flatMap(({ commands }) => ('leftOut' in commands ? [] : commands));
  expect([...listed, ...Object.keys(otherCommands)].toSorted()).toEqual(
    files.map((file) => basename(file, '.ts')).toSorted(),
  );
});

test('a use case without a command or without a tool says why, and every use case has one of them', () => {
  for (const [name, { commands, tools }] of Object.entries<UseCase>(useCases)) {
    for (const frontEnd of [commands, tools]) {
      if ('leftOut' in frontEnd) expect(frontEnd.leftOut, name).toMatch(/\.$/);
      else expect(frontEnd, name).not.toEqual([]);
    }
    expect('leftOut' in commands && 'leftOut' in tools, name).toBe(false);
  }
});
