import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ProgramResult, runProgram, type Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inPart, testInFull } from '../bounded.ts';
import { bin, sandbox } from '../sandbox.ts';
import { commands } from '../spec/commands/manifest.ts';

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

/** The commands that work in the directory of a project, with arguments. */
const refused = [
  'up --yes',
  'get-or-reserve-port web',
  'exec -- true',
  'setup-project',
  'init --yes',
  'start api',
  'start job --shell true',
  'check-start',
  'restart api',
  'env api',
  'reserve-port web',
  'add-service web --shell true',
  'remove-service api',
];

inPart(2).each(refused)('in the deleted directory of a project, %s fails and says what to type', async (command) => {
  const box = sandbox();
  const cwd = join(box.root, 'gone');
  const script = `candle reserve-port api --json >&2; rm -r "$PWD"; candle ${command}`;
  const { stdout, stderr, exitCode } = await inShell(box, cwd, script);
  expect({ stdout: stdout.split('\n').slice(-1), exitCode }).toEqual({ stdout: [''], exitCode: 1 });
  expect(stderr).toContain(`Error: The directory of the project, ${cwd}, no longer exists
To change to an existing directory: cd ${box.root}
To stop the services of the project: candle down
To release its ports: candle release-ports
`);
  expect((await box.candleJson(['list-reserved-ports', '--all'])).ports).toHaveLength(1);
});

testInFull('in the deleted directory of a project, no command reports a bug', async () => {
  const box = sandbox();
  const cwd = join(box.root, 'gone');
  const ids = commands.map(({ id }) => id.replaceAll(':', ' ')).filter((id) => id !== 'mcp');
  const all = ids.map((id) => `echo '# ${id}'; candle ${id}`).join('; ');
  const { stdout } = await inShell(box, cwd, `candle reserve-port api; rm -r "$PWD"; (${all}) 2>&1`);
  expect(stdout).not.toContain('This is a bug in Candle');
});

test('the overview of a deleted directory names only commands that work there', async () => {
  const box = sandbox();
  const cwd = join(box.root, 'gone');
  const script = 'candle reserve-port api 2>&1; rm -r "$PWD"; candle; candle release-ports; candle';
  const { stdout } = await inShell(box, cwd, script);
  expect(stdout).toMatch(/Next: candle release-ports\n/);
  expect(stdout).not.toContain('candle up');
  expect(stdout.split('Released 1 reserved port\n')[1]).toMatch(new RegExp(`^cd ${box.root} +Change to`, 'm'));
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
