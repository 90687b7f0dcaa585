import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Kind } from './kind.ts';
import { projects } from './projects.ts';

/** Questions and telemetry of the generators are off. */
const generatorEnv = { ...process.env, CI: '1', NEXT_TELEMETRY_DISABLED: '1', NG_CLI_ANALYTICS: 'false' };

/** Makes a project below the directory, and fills the npm cache with its packages. */
export function makeProject({ title, project, generator, hasPackages }: Kind, directory: string): boolean {
  console.log(`Making ${project}`);
  const target = join(directory, project);
  const isMade = generator === undefined || generate(generator, target);
  if (isMade) cpSync(join(projects, project), target, { recursive: true, filter: isSource });
  if (isMade && (!hasPackages || lockedDirectories(target).every(fillCache))) return true;
  console.error(`Error: Could not make a project of ${title}. Check that the npm registry is reachable.`);
  return false;
}

function isSource(path: string): boolean {
  return !path.includes('node_modules');
}

/** The generator writes the directory `web`. Its repository is removed, because the test creates one. */
function generate(generator: readonly string[], target: string): boolean {
  const workshop = `${target}.new`;
  mkdirSync(workshop);
  if (!runs('npx', ['--yes', ...generator], workshop)) return false;
  renameSync(join(workshop, 'web'), target);
  rmSync(join(target, '.git'), { recursive: true, force: true });
  return true;
}

function lockedDirectories(target: string): readonly string[] {
  const directories = [target, join(target, 'client'), join(target, 'server')];
  return directories.filter((directory) => existsSync(join(directory, 'package-lock.json')));
}

/** Installs the packages, and removes them again, because `candle up` has to install them. */
function fillCache(directory: string): boolean {
  // Retry only once: without a network, npm would retry for minutes.
  const options = ['--ignore-scripts', '--prefer-offline', '--fetch-retries=1', '--no-audit', '--loglevel=error'];
  if (!runs('npm', ['ci', ...options], directory)) return false;
  rmSync(join(directory, 'node_modules'), { recursive: true });
  return true;
}

function runs(command: string, args: readonly string[], cwd: string): boolean {
  const { status, error } = spawnSync(command, args, {
    cwd,
    env: generatorEnv,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (error) console.error(`Error: ${command} did not start: ${error.message}`);
  return status === 0;
}
