import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram, type Sandbox } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { type RunCandle, refusal } from '../bad-input/refusal.ts';
import { bin, sandbox } from '../sandbox.ts';

const pretender = fileURLToPath(new URL('../fixtures/pretends-version.cjs', import.meta.url));

/** Runs candle on this Node, which reports another version. */
function pretending(version: string, box: Sandbox): RunCandle {
  return (args) =>
    runProgram(process.execPath, ['--require', pretender, bin, ...args], {
      cwd: box.projectDir,
      env: { ...box.env, PRETENDED_NODE: version },
    });
}

/** Finds a Node installed on the machine that is too old. */
function findOldNode(): { path: string; version: string } | undefined {
  for (const path of ['/usr/bin/node', '/usr/local/bin/node', '/usr/bin/nodejs']) {
    const { status, stdout } = spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' });
    const version = status === 0 ? stdout.trim() : '';
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (version !== '' && (major < 22 || (major === 22 && minor < 18))) return { path, version };
  }
  return undefined;
}

test.each(['0.10.48', '12.22.12', '20.20.2', '22.17.1'])('on Node %s candle reports an error', async (version) => {
  const error = await refusal(pretending(version, sandbox()), ['reserve-port', 'api']);
  expect(error).toEqual({
    code: 'NODE_TOO_OLD',
    message: `candle requires Node.js 22.18 or newer, but this is ${version} (${process.execPath}). Put a newer version first on PATH, or run the next line`,
    hint: `npx --yes node@24 ${bin}`,
    details: {},
  });
});

test.each(['22.18.0', '23.0.0', '24.1.0', '30.0.0'])('on Node %s candle works', async (version) => {
  const box = sandbox();
  expect((await pretending(version, box)(['reserve-port', 'api'])).stdout).toMatch(/^Reserved port \d+/);
});

test('every command reports a real Node that is too old', async ({ skip }) => {
  const old = findOldNode() ?? skip('no Node on this machine is too old');
  const box = sandbox();
  const run: RunCandle = (args) => runProgram(old.path, [bin, ...args], { cwd: box.projectDir, env: box.env });
  for (const line of [['reserve-port', 'api'], ['--version'], ['help'], ['mcp']] as const) {
    const { message } = await refusal(run, line);
    expect(message).toContain(`candle requires Node.js 22.18 or newer, but this is ${old.version} (${old.path})`);
  }
});

test('the entry point uses no syntax that an old Node cannot parse, except import()', () => {
  const directory = mkdtempSync(join(tmpdir(), 'candle-entry-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  copyFileSync(bin, join(directory, 'run.js'));
  const compiled = ['es2015', 'esnext'].map((target) => {
    const outDir = join(directory, target);
    const tsc = join(fileURLToPath(new URL('../../node_modules/.bin', import.meta.url)), 'tsc');
    const settings = ['--allowJs', '--noCheck', '--ignoreConfig', '--module', 'esnext', '--target', target];
    execFileSync(tsc, ['run.js', ...settings, '--outDir', outDir], { cwd: directory });
    return readFileSync(join(outDir, 'run.js'), 'utf8');
  });
  // If the compiler changes nothing for the old target, the file has no newer syntax.
  expect(compiled[0]).toBe(compiled[1]);
  expect(compiled[0]).toContain("import('./start.js')");
  // Trailing commas in arguments date from 2017, but the compiler removes them for every target.
  expect(readFileSync(bin, 'utf8')).not.toMatch(/,\s*\)/);
  expect(readFileSync(bin, 'utf8')).not.toMatch(/^import /m);
});

test('every file that pins the Node version has the same one', () => {
  const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
  const pinned = read('.node-version').trim();
  const dependencies: Record<string, string> = JSON.parse(read('package.json')).optionalDependencies;
  const nodes = Object.entries(dependencies).filter(([name]) => name.startsWith('node-'));
  expect(nodes.length).toBeGreaterThan(0);
  expect(nodes).toEqual(nodes.map(([name]) => [name, pinned]));
  expect(/^nodeVersion: (.+)$/m.exec(read('pnpm-workspace.yaml'))?.[1]).toBe(pinned);
});
