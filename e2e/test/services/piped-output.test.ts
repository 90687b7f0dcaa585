import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { awaitReader, findReader } from '../reader-of.ts';
import { sandbox } from '../sandbox.ts';
import { program } from './programs.ts';

const reopens = 'echo "the error"; echo "giving up" > /dev/stderr';
const reason =
  'because an earlier run truncated it: write to fd 2 (in a shell: >&2) instead of opening /dev/stderr, or set "output": "pipe"';

async function runPath(box: Sandbox): Promise<string> {
  const { services } = await box.candleJson(['list']);
  return join(box.stateDir, 'runs', services[0].runId);
}

/** A directory with links to all programs on PATH except these. */
function pathWithout(box: Sandbox, ...hidden: readonly string[]): string {
  const bin = join(box.root, 'bin');
  mkdirSync(bin);
  for (const name of ['cat', 'mkfifo', 'node', 'perl', 'python3', 'seq', 'sh', 'sleep']) {
    // The first one on PATH may be a script that looks for the program on PATH.
    const find = name === 'python3' ? `python3 -c 'import sys; print(sys.executable)'` : `command -v ${name}`;
    const path = spawnSync('sh', ['-c', find], { encoding: 'utf8' }).stdout.trim();
    if (!hidden.includes(name) && path !== '') symlinkSync(name === 'node' ? process.execPath : path, join(bin, name));
  }
  return bin;
}

test('a service that truncated its output prints to a pipe from its next start on, until its command changes', async () => {
  const service = { name: 'api', shell: `${reopens}; exit 1` };
  const box = sandbox({ config: { services: [service] } });
  const first = await box.candle(['start']);
  expect(first.stderr).toContain('truncated its own output');
  expect(first.stderr).not.toContain('  the error\n');
  // The reason is kept although the truncated output is not.
  await box.candle(['clear-logs']);
  expect((await box.candle(['start'])).stderr).toContain('Its last lines:\n  the error\n  giving up\n');
  expect((await box.candle(['start'])).stderr).toContain('Its last lines:\n  the error\n  giving up\n');
  const { stdout } = await box.candle(['logs', '-n', '2']);
  expect(stdout).toContain(`; its output is read from a pipe, ${reason}`);
  const [{ entries }] = (await box.candleJson(['logs'])).services;
  expect(entries.filter(({ kind }: { kind: string }) => kind === 'started').at(-1)).toMatchObject({ output: 'pipe' });
  box.writeConfig({ services: [{ ...service, shell: `${reopens}; exit 2` }] });
  expect((await box.candle(['start'])).stderr).toContain('truncated its own output');
});

test('a start on a pipe says why', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: `${reopens}; exec sleep 1000`, ready: false }] } });
  await box.candle(['start', '--bg']);
  const again = await box.candle(['restart']);
  expect(again.stderr).toContain(`Service 'api': its output is read from a pipe, ${reason}`);
  expect(findReader(await runPath(box))).toBeDefined();
  expect((await box.candle(['ps'])).stdout).toContain('RUNNING [output from a pipe, because a run truncated it]');
  expect((await box.candle(['list'])).stdout).toContain(`Output:    read from a pipe, ${reason}\n`);
  const pipeReason = `its output is read from a pipe, ${reason}`;
  expect((await box.candleJson(['list'])).services).toMatchObject([{ pipeReason }]);
  box.writeConfig({ services: [{ name: 'api', shell: `${reopens}; exec sleep 1000`, ready: false, output: 'file' }] });
  expect((await box.candle(['restart'])).stderr).not.toContain('pipe');
  expect((await box.candleJson(['list'])).services).toMatchObject([{ pipeReason: null }]);
});

test('the reader belongs to no run, and ends with the service', async () => {
  const shell = 'trap "echo stopping; exit 0" TERM; echo started; while :; do sleep 0.1; done';
  const box = sandbox({ config: { services: [{ name: 'api', shell, ready: false, output: 'pipe' }] } });
  await box.candle(['start']);
  const run = await runPath(box);
  const reader = await awaitReader(run);
  expect((await box.candle(['who-has', '1'])).stdout).not.toContain(String(reader));
  const killed = await box.candleJson(['kill']);
  expect(killed.services).toMatchObject([{ name: 'api', stopped: true, forced: false }]);
  expect((await box.candle(['logs'])).stdout).toMatch(/^started\n(Terminated\n)?stopping\n(Terminated\n)?--- stopped/);
  await until('the reader has ended', () => findReader(run) === undefined);
});

test('50,000 lines of a Node.js program that exits at once are all read from its pipe', async () => {
  const service = { name: 'api', shell: program('prints-and-exits-3.mjs'), output: 'pipe' };
  const box = sandbox({ config: { services: [service] } });
  await box.candle(['start']);
  const entries = await until('the end is in the log', async () => {
    const [api] = (await box.candleJson(['logs', 'api', '-n', '60000'])).services;
    return api.entries.at(-1)?.kind === 'ended' && api.entries;
  });
  const lines = entries.slice(0, -1).map(({ text }: { text: string }) => text);
  expect(lines).toEqual(Array.from({ length: 50_000 }, (_, index) => `line ${index + 1}`));
});

test('a stopCommand prints to the pipe of its service', async () => {
  const service = {
    name: 'api',
    shell: 'echo up; exec sleep 1000',
    stopCommand: 'echo asked',
    ready: false,
    output: 'pipe',
  };
  const box = sandbox({ config: { services: [service] } });
  await box.candle(['start']);
  await box.candle(['kill']);
  expect((await box.candle(['logs'])).stdout).toMatch(/^up\nasked\n/);
});

for (const [reader, hidden] of [
  ['perl', []],
  ['python3', ['perl']],
  ['cat', ['perl', 'python3']],
] as const) {
  const isMissing = spawnSync('sh', ['-c', `command -v ${reader}`]).status !== 0;
  test.skipIf(isMissing)(
    `without ${hidden.join(' and ') || 'anything missing'}, ${reader} reads the output`,
    async () => {
      const shell = 'seq 20000; exec sleep 1000';
      const box = sandbox({ config: { services: [{ name: 'api', shell, ready: false, output: 'pipe' }] } });
      await box.candle(['start'], { env: { PATH: pathWithout(box, ...hidden) } });
      const lines = await until('all lines are in the log', async () => {
        const { stdout } = await box.candle(['logs', '-n', '30000']);
        return stdout.endsWith('20000\n') && stdout.trimEnd().split('\n');
      });
      expect(lines).toEqual(Array.from({ length: 20_000 }, (_, index) => String(index + 1)));
      const pid = await awaitReader(await runPath(box));
      const { stdout } = spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' });
      expect(basename(stdout.trim())).toMatch(new RegExp(`^${reader}`));
    },
  );
}

test('without perl, a service with "tty" is not started, and its current run continues', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'exec sleep 1000', ready: false, tty: true }] } });
  const { runId } = (await box.candleJson(['start'])).services[0];
  const { stderr, exitCode } = await box.candle(['restart'], { env: { PATH: pathWithout(box, 'perl') } });
  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    `Error: Service 'api' was not started: it has "tty": true, and it cannot get a terminal: perl was not found in PATH\nInstall perl, or remove "tty": true in ${box.projectDir}/.candle.json\n`,
  );
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'RUNNING', runId }]);
});

test('rejects another value of "output"', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'true', output: 'tty' }] } });
  const { stderr, exitCode } = await box.candle(['start']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('must be one of auto, file, pipe');
});
