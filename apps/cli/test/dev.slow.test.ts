import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openSandbox, runProgram, type Sandbox, until } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';

const repository = join(import.meta.dirname, '../../..');
/** The directories and files that a build or `dev.js` writes. */
const generated = /^(dist|\.source-package.*|\.turbo|oclif\.manifest\.json|config\.schema\.json)$/;

/** Copies the packages as they are before the first build, with links to the installed dependencies. */
function copyWithoutBuild(): string {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'candle-dev-')));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  const packages = ['documents', 'core', 'supervisor', 'init', 'mcp', 'cli-kit'].map((name) => `packages/${name}`);
  for (const path of ['package.json', 'docs', 'apps/cli', ...packages])
    cpSync(join(repository, path), join(copy, path), {
      recursive: true,
      // The links between the packages are relative, so that they lead to the copies.
      verbatimSymlinks: true,
      filter: (source) => !generated.test(basename(source)),
    });
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Opens a sandbox that runs `dev.js` of a repository. It is closed before a copy that was made before it is removed. */
function sandboxOf(root: string, config?: unknown): Sandbox {
  const box = openSandbox({ bin: join(root, 'apps/cli/bin/dev.js'), ...(config === undefined ? {} : { config }) });
  onTestFinished(() => box.close());
  return box;
}

test('commands and the supervisor run from the sources if nothing has been built', async () => {
  const box = sandboxOf(copyWithoutBuild(), { services: [{ name: 'api', shell: 'exec sleep 600' }] });
  expect((await box.candle(['--version'])).stdout).toMatch(/^@candle\/cli\/\S+ /);
  expect((await box.candle(['reserve-port', 'web'])).stdout).toMatch(/^Reserved port \d+ for service 'web'\n$/);

  const start = await box.candle(['start', 'api', '--bg']);
  expect(start, start.stderr).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("[Started process 'api']"),
  });
  await until('the supervisor runs', () => box.background().some(({ command }) => /^candle-supervisor/.test(command)), {
    explain: () => readFileSync(join(box.stateDir, 'supervisor.log'), 'utf8'),
  });
  expect(await box.candle(['kill', 'api'])).toMatchObject({ exitCode: 0, stdout: "[Stopped process 'api']\n" });
});

test('a change in the sources shows in the next command and in the help', async () => {
  const copy = copyWithoutBuild();
  const box = sandboxOf(copy);
  expect((await box.candle(['ps'])).stderr).toMatch(/^Error: No \.candle\.json was found in /m);
  expect((await box.candle(['ps', '--help'])).stdout).toContain('Read-only.');

  change(join(copy, 'packages/core/src/projects/errors.ts'), 'No .candle.json was found', 'Nothing was found');
  change(join(copy, 'apps/cli/src/use-case-commands.ts'), 'Read-only.', 'Only reads.');
  expect((await box.candle(['ps'])).stderr).toMatch(/^Error: Nothing was found in /m);
  expect((await box.candle(['ps', '--help'])).stdout).toContain('Only reads.');
});

test('the commands and hooks of plugins run from the sources', async () => {
  const copy = copyWithoutBuild();
  const box = sandboxOf(copy);
  const plugin = linkedPlugin(box);
  const link = await box.candle(['plugins', 'link', plugin]);
  expect(link, link.stderr).toMatchObject({ exitCode: 0 });
  // The plugin has no manifest, so the plugin reader loads its commands.
  expect((await box.candle(['greet'])).stdout).toBe('hello\n');

  await box.candle(['reserve-port', 'api']);
  // A file that has just been created is empty.
  const hookHost = await until('the hook has run', () => readLines(join(plugin, 'hook.txt'))?.at(1), {
    explain: () => readLines(join(box.stateDir, 'events/hooks.log'))?.join('\n') ?? '',
  });
  expect(hookHost).toBe(join(copy, 'apps/cli/node_modules/.source-package/dist/hook-host.cjs'));
  await until('no background process is left', () => box.background().length === 0);
});

test('an error in a source is printed with its place', async () => {
  const copy = copyWithoutBuild();
  const box = sandboxOf(copy);
  change(join(copy, 'packages/core/src/projects/errors.ts'), 'import ', 'imprt ');
  const { exitCode, stderr } = await box.candle(['ps']);
  expect(stderr).toContain('packages/core/src/projects/errors.ts:1');
  expect(exitCode).toBe(1);
});

test('pnpm candle runs in the directory of the caller and returns the exit code', async () => {
  const box = sandboxOf(repository, { services: [] });
  const { candle: script } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')).scripts;
  const run = (args: string) =>
    runProgram('/bin/sh', ['-c', `${script} ${args}`], {
      // pnpm runs scripts in the root of the repository, and appends the arguments.
      cwd: repository,
      env: { ...box.env, INIT_CWD: box.projectDir },
    });
  expect(JSON.parse((await run('reserve-port api --json')).stdout)).toMatchObject({ projectDir: box.projectDir });
  expect((await run('kill nothing')).exitCode).toBe(1);
});

/** Replaces a text that occurs in a file. */
function change(path: string, before: string, after: string): void {
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(before);
  writeFileSync(path, text.replaceAll(before, after));
}

/** Creates a plugin with a command and a hook, and returns its directory. The hook records how its process was started. */
function linkedPlugin(box: Sandbox): string {
  const directory = join(box.root, 'candle-plugin-greet');
  const oclif = { commands: './commands', hooks: { 'port-reserved': './hook' } };
  const files = {
    'package.json': JSON.stringify({ name: 'candle-plugin-greet', version: '1.0.0', type: 'module', oclif }),
    'commands/greet.js': `export default class Greet {
  static id = 'greet';
  static run() { console.log('hello'); }
}`,
    'hook.js': `import { writeFileSync } from 'node:fs';
export default () => writeFileSync(new URL('hook.txt', import.meta.url), process.argv.slice(0, 2).join('\\n'));`,
  };
  mkdirSync(join(directory, 'commands'), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text);
  return directory;
}

function readLines(path: string): readonly string[] | undefined {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return undefined;
  }
}
