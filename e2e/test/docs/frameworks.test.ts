import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cases } from '../../frameworks/cases.ts';
import { writtenFor } from '../../frameworks/result.ts';
import { projects, titleOf } from '../../frameworks/versions.ts';

const page = join(import.meta.dirname, '../../../docs/reference/frameworks.md');

test('docs/reference/frameworks.md has a row for each attempt in the list of cases, with the versions of the projects', () => {
  const [ports = ''] = readFileSync(page, 'utf8').split('\n## Host names\n');
  const rows = [...ports.matchAll(/^\| (.*?) \| (.*?) \|/gm)].slice(1);
  const expected = cases.flatMap((each) =>
    each.attempts.map((attempt, index) => [index === 0 ? titleOf(each) : '', writtenFor(attempt).join('<br>')]),
  );
  expect(rows.map(([, title, written]) => [title, written])).toEqual(expected);
});

const locked = readdirSync(projects).filter((project) => existsSync(join(projects, project, 'package.json')));

describe.each(locked)('the lockfile of %s', (project) => {
  const text = readFileSync(join(projects, project, 'package-lock.json'), 'utf8');
  const packages: Record<string, { readonly resolved?: string; readonly integrity?: string; readonly link?: true }> =
    JSON.parse(text).packages;
  const fetched = Object.entries(packages).filter(([path, { link }]) => path.startsWith('node_modules/') && !link);

  test('has the integrity of each package but not its URL', () => {
    expect(fetched.length).toBeGreaterThan(0);
    expect(fetched.filter(([, { resolved, integrity }]) => resolved !== undefined || !integrity)).toEqual([]);
  });

  test('matches the versions in package.json, which are exact', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(projects, project, 'package.json'), 'utf8'));
    const wanted = { ...dependencies, ...devDependencies };
    expect(packages['']).toMatchObject(dependencies ? { dependencies } : { devDependencies });
    expect(Object.values(wanted).filter((version) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
  });
});
