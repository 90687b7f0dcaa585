// Installs copies of the projects in frameworks/projects, each with its own lockfile, and runs the tests in frameworks/
// with them. Only the installation uses the network: the tests run in a separate network namespace if that is allowed, so
// that the default ports of the frameworks are free. Arguments are names of projects; if omitted, all run. The tests open the
// pages in Chromium, which must be installed.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inOwnNetwork } from './own-network.mjs';

const projects = join(import.meta.dirname, '../frameworks/projects');
const known = readdirSync(projects);
const wanted = process.argv.length > 2 ? process.argv.slice(2) : known;

const chromium = process.env.CHROMIUM || ['chromium', 'chromium-browser', 'google-chrome'].map(pathOf).find(Boolean);
if (chromium === undefined) {
  console.error('Error: Chromium is not installed. Run apt-get install chromium, or set CHROMIUM to its path.');
  process.exit(1);
}

const directory = mkdtempSync(join(tmpdir(), 'candle-frameworks-'));
try {
  process.exitCode = wanted.every(install) ? run(inOwnNetwork(vitest())) : 1;
} finally {
  rmSync(directory, { recursive: true });
}

function pathOf(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
}

function install(project) {
  if (!known.includes(project)) {
    console.error(`Error: ${projects} has no project '${project}'. Projects: ${known.join(', ')}`);
    return false;
  }
  const copy = join(directory, project);
  // Projects for several versions of a framework share files with links.
  const filter = (path) => !path.includes('node_modules');
  cpSync(join(projects, project), copy, { recursive: true, dereference: true, filter });
  if (!existsSync(join(copy, 'package-lock.json'))) return true;
  console.log(`Installing ${project}`);
  // Retry only once: without a network, npm would retry for minutes.
  if (run(['npm', 'ci', '--prefer-offline', '--fetch-retries=1', '--loglevel=error'], copy) === 0) return true;
  console.error(`Error: Could not install ${project}. Check that the npm registry is reachable.`);
  return false;
}

function vitest() {
  const paths = ['./frameworks/page/reporter.ts', '../scripts/retried-tests.mjs'];
  const reporters = ['default', ...paths].map((reporter) => `--reporter=${reporter}`);
  return ['vitest', 'run', '--config', 'frameworks/vitest.config.ts', ...reporters];
}

function run([command, ...args], cwd) {
  const env = { ...process.env, FRAMEWORKS: directory, CHROMIUM: chromium };
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: 'inherit' });
  if (error) console.error(`Error: ${command} did not start: ${error.message}`);
  return status ?? 1;
}
