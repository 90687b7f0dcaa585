// Follows the steps of a new user: an empty HOME, the machine's own Node first on PATH, a fresh clone, the README's
// commands, the tour, an installation with npm, a plugin, and an uninstall. Prints how long each step takes. `npm test`
// takes ten minutes and every contributor runs it anyway, so it runs here only with --with-tests.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { openSandbox, runProgram } from '@candle/test-kit';
import { startRegistry } from '../registry/start-registry.ts';
import { filesBelow } from './global-install.ts';
import { asOnTerminal, plainly, readTour, tourAuthor, tourFiles } from './tour.ts';

const repository = join(import.meta.dirname, '../..');
const box = openSandbox({ bin: join(repository, 'apps/cli/bin/run.js') });
const clone = join(box.root, 'candle');
const local = join(box.home, '.local');
const machinePath = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'));
const { CANDLE_STATE_DIR: _, ...ownEnv } = box.env;
let path = machinePath;
let registryEnv: Readonly<Record<string, string>> = {};

/** Runs a command line as the user types it, and returns its output. */
async function type(line: string, cwd = box.projectDir): Promise<string> {
  const env = { ...ownEnv, ...registryEnv, PATH: path.join(delimiter), CI: 'true' };
  const { stdout, exitCode } = await runProgram('sh', ['-c', `exec 2>&1; ${line}`], { cwd, env });
  assert.equal(exitCode, 0, `$ ${line}\n${stdout}`);
  return stdout;
}

async function step(what: string, take: () => Promise<unknown>): Promise<void> {
  const startedMs = performance.now();
  await take();
  console.log(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(7)} s  ${what}`);
}

async function takeTour(readme: string): Promise<void> {
  for (const [name, text] of Object.entries(tourFiles)) box.writeFile(name, text);
  writeFileSync(join(box.home, '.curlrc'), 'silent\n');
  for (const { command, output } of readTour(readme, 'Quick start')) {
    const env = { ...ownEnv, ...tourAuthor, PATH: path.join(delimiter) };
    const { stdout } = await runProgram('sh', ['-c', `exec 2>&1; ${command}`], { cwd: box.projectDir, env });
    const plain = (lines: readonly string[]) => lines.map((line) => plainly(line, box.projectDir)).join('\n');
    assert.equal(plain(asOnTerminal(stdout).trimEnd().split('\n')), plain(output), `$ ${command}`);
  }
}

/** If the machine's Node is too old, checks that candle reports it, and uses the newer Node that the clone installed. */
async function findNewEnoughNode(): Promise<void> {
  const [major = 0, minor = 0] = (await type('node --version')).slice(1).split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return;
  const refusal = await type('candle --version || true');
  assert.match(refusal, /^Error: candle requires Node.js 22.18 or newer, but this is .*\nnpx --yes node@24 .*\n$/);
  path = [join(local, 'bin'), join(clone, 'node_modules/.bin'), ...machinePath];
}

async function usePlugin(): Promise<void> {
  await type('candle plugins install @candle/plugin-hosts');
  assert.match(await type('candle plugins'), /plugin-hosts/);
  const { port } = JSON.parse(await type('candle get-reserved-port api --json'));
  assert.match(await type('candle hosts'), new RegExp(`\\b${port}\\b`));
  await type('candle plugins uninstall @candle/plugin-hosts');
  assert.doesNotMatch(await type('candle plugins'), /plugin-hosts/);
}

async function removeAll(): Promise<void> {
  await type('candle kill-all');
  await type('candle erase-database --force');
  await type(`npm uninstall --global --prefix ${local} @candle/cli`);
  for (const directory of ['.local/share/candle', '.cache/candle'])
    rmSync(join(box.home, directory), { recursive: true, force: true });
}

/** Checks that nothing of Candle is left. Other tools may leave their caches and settings. */
async function assertNothingLeft(): Promise<void> {
  assert.deepEqual([...box.processes(), ...box.background()], []);
  const toolFiles =
    /^(\.npm|\.npmrc|\.curlrc|\.cache\/(pnpm|node)|\.local\/(share|state)\/pnpm|\.config\/(turborepo|pnpm))(\/|$)/;
  assert.deepEqual(
    filesBelow(box.home).filter((file) => !toolFiles.test(file)),
    [],
  );
  assert.deepEqual(
    filesBelow(join(box.root, 'tmp')).filter((file) => !file.startsWith('node-compile-cache')),
    [],
  );
  assert.equal(await type('git status --porcelain', clone), '');
}

try {
  const npmrc = join(homedir(), '.npmrc');
  if (existsSync(npmrc)) copyFileSync(npmrc, join(box.home, '.npmrc'));
  console.log(
    `Node ${(await type('node --version')).trim()}, npm ${(await type('npm --version')).trim()}, an empty HOME`,
  );
  await step('git clone', () => type(`git clone --quiet ${repository} ${clone}`));
  const readme = readFileSync(join(clone, 'README.md'), 'utf8');
  console.log(`           ${readme.split('\n')[0]}`);
  await step('npm run demo', () => type('npm run demo', clone));
  if (process.argv.includes('--with-tests')) await step('npm test', () => type('npm test', clone));

  path = [join(clone, 'node_modules/.bin'), ...machinePath];
  await step('the tour', () => takeTour(readme));

  const plugin = join(clone, 'examples/plugin-hosts');
  if (existsSync(plugin)) await type('node scripts/setup.mjs turbo run build --filter=@candle/plugin-hosts', clone);
  const registry = await startRegistry();
  try {
    for (const directory of ['packages/cli-kit', 'apps/cli']) await registry.publish(join(clone, directory));
    if (existsSync(plugin)) await registry.publish(plugin);
    registryEnv = registry.env;
    mkdirSync(local, { recursive: true });
    path = [join(local, 'bin'), ...machinePath];
    await step('npm install --global @candle/cli', () => type(`npm install --global --prefix ${local} @candle/cli`));
    await findNewEnoughNode();
    await step('candle reserve-port, start, ps, kill', () =>
      type('candle reserve-port web && candle start && candle ps && candle kill'),
    );
    if (existsSync(plugin)) await step('candle plugins install, hosts, uninstall', usePlugin);
    await step('npm uninstall, and removing the remaining files', removeAll);
  } finally {
    await registry.close();
  }
  await assertNothingLeft();
  console.log('           nothing is left');
} finally {
  await box.close();
}
