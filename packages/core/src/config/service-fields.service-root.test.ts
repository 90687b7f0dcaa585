import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InvalidServiceRootError, ServiceRootMissingError, ServiceRootOutsideProjectError } from './service-errors.ts';
import { parseServiceRoot, resolveServiceRoot } from './service-fields.ts';

let base: string;
let project: string;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'candle-root-')));
  project = join(base, 'project');
  await mkdir(join(project, 'apps/api'), { recursive: true });
  await mkdir(join(base, 'project-other'));
  await symlink(base, join(project, 'up'));
  await symlink('apps', join(project, 'packages'));
  await symlink('round', join(project, 'round'));
  await symlink('../nowhere', join(project, 'lost-outside'));
  await symlink('later', join(project, 'lost-inside'));
  await symlink(project, join(base, 'alias'));
  await writeFile(join(project, 'file'), '');
});

afterEach(() => rm(base, { recursive: true }));

test.each([
  [undefined, ''],
  ['.', ''],
  ['apps/api', 'apps/api'],
  ['apps/api/', 'apps/api'],
  ['apps/../apps', 'apps'],
  ['packages/api', 'apps/api'],
  ['../project/apps', 'apps'],
])('root %s resolves to %j in the project', async (root, expected) => {
  expect(await resolveServiceRoot(project, root)).toBe(join(project, expected));
  expect(await resolveServiceRoot(join(base, 'alias'), root)).toBe(join(project, expected));
});

test.each([
  '..',
  '../project-other',
  'apps/../..',
  'up',
  'up/project-other',
  'up/nowhere',
  'lost-outside',
  '/',
  '/tmp',
])('root %s is outside the project', async (root) => {
  await expect(resolveServiceRoot(project, root)).rejects.toThrow(ServiceRootOutsideProjectError);
  await expect(parseServiceRoot(project, root)).rejects.toThrow(`'${root}' is not inside the project ${project}`);
});

test('an absolute path is rejected even if it is inside the project', async () => {
  await expect(resolveServiceRoot(project, join(project, 'apps'))).rejects.toThrow(ServiceRootOutsideProjectError);
});

test.each([
  ['nowhere/at/all', 'does not exist'],
  ['file', 'is not a directory'],
  ['file/below', 'cannot exist: part of its path is a file'],
  ['x'.repeat(300), 'cannot exist: its name is too long'],
  ['lost-inside', 'is a broken symbolic link'],
  ['round', 'is a symbolic link to itself'],
])('root %s %s', async (root, problem) => {
  await expect(resolveServiceRoot(project, root)).rejects.toThrow(ServiceRootMissingError);
  await expect(resolveServiceRoot(project, root)).rejects.toThrow(problem);
  expect(await parseServiceRoot(project, root)).toBe(root);
});

test.each(['', '  ', 'a\0b'])('root %j is rejected', async (root) => {
  await expect(resolveServiceRoot(project, root)).rejects.toThrow(InvalidServiceRootError);
});
