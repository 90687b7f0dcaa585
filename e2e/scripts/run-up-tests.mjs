// Makes the projects of up/, each with its own lockfile, and runs the tests in up/ with them. Only making them uses the
// network: the tests run in a separate network namespace if that is allowed, and npm finds its packages in the cache that
// was filled here. Arguments are names of projects; if omitted, all run.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kinds } from '../up/kinds.ts';
import { makeProject } from '../up/make-project.ts';
import { inOwnNetwork } from './own-network.mjs';

const known = kinds.map(({ project }) => project);
const names = process.argv.slice(2);
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(
    `Error: There is no project ${unknown.map((name) => `'${name}'`).join(', ')}. Projects: ${known.join(', ')}`,
  );
  process.exit(1);
}

const directory = mkdtempSync(join(tmpdir(), 'candle-up-'));
try {
  const wanted = kinds.filter(({ project }) => names.length === 0 || names.includes(project));
  process.exitCode = wanted.every((kind) => makeProject(kind, directory)) ? runTests() : 1;
} finally {
  rmSync(directory, { recursive: true });
}

function runTests() {
  const reporters = ['default', './up/page/reporter.ts', '../scripts/retried-tests.mjs'];
  const options = ['--config', 'up/vitest.config.ts', ...reporters.map((path) => `--reporter=${path}`)];
  const [command, ...args] = inOwnNetwork(['vitest', 'run', ...options]);
  const env = { ...process.env, UP_PROJECTS: directory, UP_NPM_CACHE: npmCache() };
  return spawnSync(command, args, { env, stdio: 'inherit' }).status ?? 1;
}

/** The user's own cache, so that the next run downloads nothing. */
function npmCache() {
  return spawnSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).stdout.trim();
}
