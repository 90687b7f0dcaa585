import { globSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from '@oclif/core';
import { expect, test } from 'vitest';

/** The class of a command and two base classes. A deeper hierarchy hides what a command does: share functions instead. */
const maxDepth = 3;

const files = globSync('**/*.ts', { cwd: import.meta.dirname }).filter((file) => !file.endsWith('.test.ts'));

/** The classes from a command to oclif's base class, which is not included. */
function classesOf(command: object): readonly object[] {
  const base: object | null = Object.getPrototypeOf(command);
  if (base === null) throw new Error('This is not a command of oclif');
  return base === Command ? [command] : [command, ...classesOf(base)];
}

test('every command is at most three classes below the command of oclif', async () => {
  expect(files.length).toBeGreaterThan(40);
  const depths = files.map(async (file) => {
    const module: { default: object } = await import(join(import.meta.dirname, file));
    return [file, classesOf(module.default).length] as const;
  });
  const tooDeep = (await Promise.all(depths)).filter(([, depth]) => depth > maxDepth);
  expect(tooDeep).toEqual([]);
});
