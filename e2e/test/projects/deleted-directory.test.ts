import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ProgramResult, runProgram, type Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { bin, sandbox } from '../sandbox.ts';

/** Runs a script in a shell, in a directory that the script may delete. In the script, `candle` is the built CLI. */
function inShell(box: Sandbox, cwd: string, script: string, env: Record<string, string> = {}): Promise<ProgramResult> {
  mkdirSync(cwd, { recursive: true });
  const words = `candle() { '${process.execPath}' '${bin}' "$@"; }; ${script}`;
  return runProgram('sh', ['-c', words], { cwd, env: { ...box.env, ...env } });
}

test('a shell whose directory was deleted can release its ports', async () => {
  const box = sandbox();
  const cwd = join(box.root, 'gone');
  const { stdout, stderr, exitCode } = await inShell(
    box,
    cwd,
    'candle reserve-port api 2>/dev/null; candle reserve-port; rm -r "$PWD"; candle list-reserved-ports --json; candle release-ports api; candle release-ports',
  );
  expect(existsSync(cwd)).toBe(false);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(stdout).toMatch(/Released port \d+ for service 'api'\nReleased 1 reserved port\n$/);
});

test('a wrong PWD does not change the project of a deleted directory', async () => {
  const box = sandbox({ config: {} });
  const kept = await box.candleJson(['reserve-port', 'kept']);
  const cwd = join(box.root, 'gone');
  const { stdout, stderr, exitCode } = await inShell(
    box,
    cwd,
    `candle reserve-port api 2>/dev/null; rm -r "$PWD"; PWD='${box.projectDir}' candle release-ports`,
  );
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(stdout).toMatch(/Released 1 reserved port\n$/);
  expect((await box.candleJson(['list-reserved-ports', '--all'])).ports).toMatchObject([{ port: kept.port }]);
});

test('in a deleted directory without a project, commands fail with one sentence', async () => {
  const box = sandbox();
  const cwd = join(box.root, 'gone');
  for (const command of ['reserve-port', 'release-ports', 'list', 'start', 'setup-project']) {
    const { stdout, stderr, exitCode } = await inShell(box, cwd, `rm -r "$PWD"; candle ${command}`);
    expect({ command, stdout, exitCode }).toEqual({ command, stdout: '', exitCode: 1 });
    expect(stderr).toMatch(new RegExp(`^Error: ${cwd}\\b.*(does not exist|its directory does not exist)`));
    expect(stderr).not.toMatch(/ {4}at /);
  }
});

test('in a deleted directory, --json prints nothing on stderr, and commands that need no directory work', async () => {
  const box = sandbox();
  const cwd = join(box.root, 'gone');
  const json = await inShell(box, cwd, 'rm -r "$PWD"; candle reserve-port --json');
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'PROJECT_GONE', details: { dir: cwd } } });
  expect(json.stderr).toBe('');
  const rest = await inShell(
    box,
    cwd,
    'rm -r "$PWD"; candle --version && candle --help && candle plugins && candle list-reserved-ports --all && candle kill-all',
  );
  expect(rest).toMatchObject({ stderr: '', exitCode: 0 });
});

test('--project selects another project, by an absolute path or relative to the deleted directory', async () => {
  const box = sandbox({ config: {} });
  const cwd = join(box.root, 'gone');
  for (const project of [box.projectDir, '../project']) {
    const { stderr, exitCode } = await inShell(box, cwd, `rm -r "$PWD"; candle reserve-port --project '${project}'`);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  }
  expect((await box.candleJson(['list-reserved-ports'])).ports).toHaveLength(2);
});
