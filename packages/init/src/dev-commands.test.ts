import { expect, test } from 'vitest';
import { linesOf, withCompose } from '../test/findings.ts';
import { memoryFiles } from '../test/memory-files.ts';
import { devCommands } from './dev-commands.ts';

function find(contents: Readonly<Record<string, string>>) {
  const { services, ...notes } = devCommands.find(memoryFiles(contents), '', withCompose);
  return { ...notes, found: services.map(({ service, from, isSelected }) => [service.shell, from.line, isSelected]) };
}

test.each([
  [{ 'bin/dev': '#!/bin/sh\nexec ./server' }, ['bin/dev', undefined, true]],
  [{ 'dev.sh': './server' }, ['sh dev.sh', undefined, true]],
  [{ Makefile: 'PORT := 1\nall:\n\nrun: build\n\t./server\n\ndev-all:\n\n.PHONY: dev\n' }, ['make run', 4, true]],
  [{ justfile: 'default:\n  just -l\n\ndev port="1": build\n  ./server\n' }, ['just dev', 4, true]],
  [{ 'Taskfile.yml': 'tasks:\n  build: x\n  dev:\n    cmds: [./server]\n' }, ['task dev', 3, true]],
  [{ Makefile: 'up:\n\tdocker compose up\n' }, ['make up', 1, false]],
])('%j', (contents, expected) => {
  expect(find(contents).found).toEqual([expected]);
});

test('a command that runs candle is skipped, and the next one is used', () => {
  const result = find({ 'bin/dev': 'exec candle up', Makefile: 'dev:\n\tnpx candle start\nrun:\n\t./server\n' });
  expect(result.found).toEqual([['make run', 3, true]]);
  expect(linesOf(result.ignored)).toEqual([
    "bin/dev 'bin/dev' runs candle itself",
    "Makefile:1 'make dev' runs candle itself",
  ]);
});

test('ignores a Makefile without such a target', () => {
  expect(find({ Makefile: 'build:\n\tcc x.c\nrunner:\nrun := 1\n' }).found).toEqual([]);
});
