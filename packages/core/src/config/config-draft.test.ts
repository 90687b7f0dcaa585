import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openConfigDraft } from './config-draft.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'candle-draft-'));
  path = join(directory, '.candle.json');
});

afterEach(() => rm(directory, { recursive: true }));

test('a draft replaces the config and leaves no other files', async () => {
  await writeFile(path, 'old');
  const draft = await openConfigDraft(path);
  await draft.handle.writeFile('new');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await draft.replaceConfig()).toBe(true);
  await draft.close();
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await readdir(directory)).toEqual(['.candle.json']);
});

test('a draft creates a config only if there is none', async () => {
  const draft = await openConfigDraft(path);
  await draft.handle.writeFile('mine');
  await writeFile(path, 'theirs');
  expect(await draft.createConfig()).toBe(false);
  await rm(path);
  expect(await draft.createConfig()).toBe(true);
  await draft.close();
  expect(await readFile(path, 'utf8')).toBe('mine');
  expect(await readdir(directory)).toEqual(['.candle.json']);
});

test('a draft that is not published leaves no files', async () => {
  const draft = await openConfigDraft(path);
  await draft.handle.writeFile('x');
  await draft.close();
  expect(await readdir(directory)).toEqual([]);
});

test('only one draft is open at a time', async () => {
  let open = 0;
  let maxOpen = 0;
  const use = async () => {
    const draft = await openConfigDraft(path);
    open += 1;
    maxOpen = Math.max(maxOpen, open);
    await draft.handle.writeFile('some work');
    open -= 1;
    await draft.close();
  };
  await Promise.all(Array.from({ length: 10 }, use));
  expect(maxOpen).toBe(1);
  expect(await readdir(directory)).toEqual([]);
});

test('the lock of a dead process is taken over', async () => {
  await mkdir(`${path}.lock`);
  await writeFile(join(`${path}.lock`, 'draft-of-the-dead'), 'half');
  const draft = await openConfigDraft(path);
  expect(await draft.createConfig()).toBe(true);
  await draft.close();
  expect(await readdir(directory)).toEqual(['.candle.json']);
});

test('a process whose lock was taken over publishes nothing and does not affect the new owner', async () => {
  await writeFile(path, 'old');
  const slow = await openConfigDraft(path);
  await slow.handle.writeFile('slow');
  await rename(`${path}.lock`, `${path}.taken`);
  const quick = await openConfigDraft(path);
  await quick.handle.writeFile('quick');

  expect(await slow.replaceConfig()).toBe(false);
  expect(await slow.createConfig()).toBe(false);
  await slow.close();
  expect(await quick.replaceConfig()).toBe(true);
  await quick.close();
  expect(await readFile(path, 'utf8')).toBe('quick');
  expect((await readdir(directory)).toSorted()).toEqual(['.candle.json', '.candle.json.taken']);
});
