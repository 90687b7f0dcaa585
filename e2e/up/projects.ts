import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type Sandbox } from '@candle/test-kit';
import type { Kind } from './kind.ts';

/** The projects as a repository has them. */
export const projects = join(import.meta.dirname, 'projects');

/** The same, and those that generators make. `scripts/run-up-tests.mjs` makes them, because it has network access. */
const made = process.env.UP_PROJECTS ?? '';

export function isMade({ project }: Kind): boolean {
  return made !== '' && existsSync(join(made, project));
}

/** Makes a project of the kind the sandbox's project. */
export function moveInto(box: Sandbox, { project }: Kind): void {
  rmSync(box.projectDir, { recursive: true });
  renameSync(join(made, project), box.projectDir);
}

/** The same for a kind that needs no packages. */
export function copyInto(box: Sandbox, { project }: Kind): void {
  cpSync(join(projects, project), box.projectDir, { recursive: true });
}

/** What the kind needs and this machine does not have. */
export async function findMissing(box: Sandbox, { needs }: Kind): Promise<string | undefined> {
  if (needs === undefined) return undefined;
  const [program, ...args] = needs.command;
  const { exitCode } = await runProgram('sh', ['-c', '"$@"', 'sh', program, ...args], { cwd: '/', env: box.env });
  return exitCode === 0 ? undefined : needs.what;
}
