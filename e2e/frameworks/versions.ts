import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameworkCase } from './framework-case.ts';

export const projects = join(import.meta.dirname, 'projects');

/** Returns the title of a case on the page: its name, with the exact version from the project's package.json. */
export function titleOf({ name, project, dependency }: FrameworkCase): string {
  if (dependency === undefined) return name;
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(projects, project, 'package.json'), 'utf8'));
  return `${name} ${{ ...dependencies, ...devDependencies }[dependency]}`;
}
