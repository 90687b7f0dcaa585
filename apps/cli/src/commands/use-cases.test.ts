import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { otherCommands, type UseCase, useCases } from '@candle/core';
import { expect, test } from 'vitest';

test('every command stands in the table of use cases or among those that are none, once, and no other does', () => {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const named = Object.values<UseCase>(useCases).flatMap(({ commands }) => ('leftOut' in commands ? [] : commands));
  expect([...named, ...Object.keys(otherCommands)].toSorted()).toEqual(
    files.map((file) => basename(file, '.ts')).toSorted(),
  );
});

test('a use case that lacks one of its two faces says why, and none lacks both', () => {
  for (const [name, { commands, tools }] of Object.entries<UseCase>(useCases)) {
    for (const face of [commands, tools]) {
      if ('leftOut' in face) expect(face.leftOut, name).toMatch(/\.$/);
      else expect(face, name).not.toEqual([]);
    }
    expect('leftOut' in commands && 'leftOut' in tools, name).toBe(false);
  }
});
