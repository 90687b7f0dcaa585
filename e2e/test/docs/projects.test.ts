import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kinds } from '../../up/kinds.ts';
import { projects } from '../../up/projects.ts';

const page = join(import.meta.dirname, '../../../docs/reference/projects.md');

test('docs/reference/projects.md has a row for each service of each kind of project', () => {
  const rows = [...readFileSync(page, 'utf8').matchAll(/^\| (.*?) ?\| `(.*?)` \|/gm)];
  const expected = kinds.flatMap(({ title, services }) =>
    Object.keys(services).map((name, index) => [index === 0 ? title : '', name]),
  );
  expect(rows.map(([, title, name]) => [title, name]).toSorted()).toEqual(expected.toSorted());
});

test('each kind has its own directory, and those with packages have a lockfile', () => {
  const directories = globSync('*/', { cwd: projects }).map((path) => path.replace(/\/$/, ''));
  expect(directories.toSorted()).toEqual(kinds.map(({ project }) => project).toSorted());
  const locked = new Set(globSync('**/package-lock.json', { cwd: projects }).map((path) => path.split('/')[0]));
  expect(kinds.filter(({ hasPackages, project }) => hasPackages && !locked.has(project))).toEqual([]);
});

describe.each(globSync('**/package-lock.json', { cwd: projects }))('%s', (path) => {
  interface Locked {
    readonly resolved?: string;
    readonly integrity?: string;
    readonly inBundle?: true;
  }
  const { packages }: { packages: Record<string, Locked> } = JSON.parse(readFileSync(join(projects, path), 'utf8'));

  test('has the integrity of each package but not its URL', () => {
    const fetched = Object.entries(packages).filter(
      ([name, { resolved, inBundle }]) =>
        name.includes('node_modules/') && !inBundle && !(resolved !== undefined && resolved in packages),
    );
    expect(fetched.filter(([, { resolved, integrity }]) => resolved !== undefined || !integrity)).toEqual([]);
  });
});
