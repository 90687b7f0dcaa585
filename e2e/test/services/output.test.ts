import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { calm, withoutNewCommands } from '../calm.ts';
import { sandbox } from '../sandbox.ts';
import { normalize } from './answers.ts';
import { program } from './programs.ts';

const hasPython = spawnSync('python3', ['-V']).status === 0;

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** `NAME 1` to `NAME N`, each with a newline. */
function numbered(name: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${name} ${index + 1}\n`).join('');
}

async function lastLineOf(box: Sandbox, name: string): Promise<string> {
  return (await box.candle(['logs', name, '-n', '1'])).stdout.trimEnd().split('\n').at(-1) ?? '';
}

test('a million lines printed at once are all in the log, in order', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('prints-a-million-lines.mjs') }] } });
  await box.candle(['start']);
  await until('all lines are printed', async () => (await lastLineOf(box, 'api')) === 'line 1000000');
  const { stdout, stderr, exitCode } = await box.candle(['logs', 'api', '-n', '1000000']);
  expect({ stderr, exitCode }).toEqual({ stderr: calm, exitCode: 0 });
  expect(hashOf(stdout)).toBe(hashOf(numbered('line', 1_000_000)));
  expect((await box.candle(['logs', 'api', '-n', '3'])).stdout).toBe('line 999998\nline 999999\nline 1000000\n');
});

test('50,000 lines of a program that exits at once are all in the log', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('prints-and-exits-3.mjs') }] } });
  const start = await box.candle(['start']);
  // On a busy machine the program runs longer than the start waits for it, and the start succeeds.
  if (start.exitCode !== 0) {
    expect({ ...start, stderr: withoutNewCommands(start.stderr) }).toMatchObject({
      stdout: expect.stringMatching(/^\[Started process 'api'\] /),
      stderr: expect.stringMatching(
        /^Error: Service 'api' failed to start: .* code 3\nIts last lines:\n {2}line 49981\n[\s\S]* line 50000\n/,
      ),
      exitCode: 1,
    });
  }
  const entries = await until('the end is in the log', async () => {
    const [api] = (await box.candleJson(['logs', 'api', '-n', '60000'])).services;
    return api.entries.at(-1)?.kind === 'ended' && api.entries;
  });
  expect(entries.at(-1)).toMatchObject({ exitCode: 3 });
  const lines = entries.slice(0, -1).map(({ text }: { text: string }) => `${text}\n`);
  expect(hashOf(lines.join(''))).toBe(hashOf(numbered('line', 50_000)));
});

test.skipIf(!hasPython)('the output of a Node.js parent and its Python child is complete', async () => {
  const box = sandbox({
    config: { services: [{ name: 'api', shell: program('has-python-child.mjs'), ready: false }] },
  });
  await box.candle(['start']);
  await until('both have ended', async () => (await lastLineOf(box, 'api')).startsWith('--- exited with code 0'));
  const lines = (await box.candle(['logs', 'api', '-n', '50000'])).stdout.split('\n');
  for (const name of ['node', 'python']) {
    const own = lines.filter((line) => line.startsWith(`${name} `)).map((line) => `${line}\n`);
    expect(hashOf(own.join('')), name).toBe(hashOf(numbered(name, 20_000)));
  }
});

test('long lines, NUL, invalid UTF-8 and a last line without a newline are kept', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('prints-odd-bytes.mjs') }] } });
  await box.candle(['start']);
  await until('all lines are printed', async () => (await lastLineOf(box, 'api')) === 'no newline');
  const lines = ['x'.repeat(1024 * 1024), 'nul \0 nul', 'bad \ufffd\ufffd', '€', 'red', '', 'no newline'];
  expect((await box.candle(['logs', 'api'])).stdout).toBe(`${lines.join('\n')}\n`);
  expect((await box.candle(['logs', 'api'], { env: { FORCE_COLOR: '1' } })).stdout).toContain(
    '\u001b[31mred\u001b[0m\n',
  );
  const { runId } = (await box.candleJson(['list'])).services[0];
  const stored = readFileSync(join(box.stateDir, 'runs', runId, 'spool'));
  expect(stored.includes(Buffer.from([0x62, 0x61, 0x64, 0x20, 0xff, 0xfe, 0x0a]))).toBe(true);
});

test('stdout and stderr lines keep their order', async () => {
  const shell = 'for n in 1 2 3 4 5; do echo out $n; echo err $n >&2; done';
  const box = sandbox({ config: { services: [{ name: 'api', shell }] } });
  await box.candle(['start']);
  const lines = (await box.candle(['logs', 'api'])).stdout.split('\n').slice(0, 10);
  expect(lines).toEqual([1, 2, 3, 4, 5].flatMap((n) => [`out ${n}`, `err ${n}`]));
});

test('a service that reads its stdin waits and does not see end of file', async () => {
  const box = sandbox({
    config: { services: [{ name: 'api', shell: 'echo reading; cat; echo "saw the end"', ready: false }] },
  });
  expect((await box.candle(['start'], { input: '' })).exitCode).toBe(0);
  expect(await lastLineOf(box, 'api')).toBe('reading');
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'RUNNING' }]);
});

test('logs shows the last lines and the starts and ends of runs, with a name prefix if there are several services', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'api', shell: "printf 'one\\ntwo\\n'" },
        { name: 'web', shell: 'echo hi' },
      ],
    },
  });
  expect(await box.candle(['logs'])).toEqual({ stdout: '', stderr: 'There are no logs yet\n', exitCode: 0 });
  expect(await box.candle(['logs', 'api'])).toMatchObject({ stderr: "Service 'api' has no logs yet\n", exitCode: 0 });
  await box.candle(['start', 'api']);
  await box.candle(['start', 'api']);
  const run = ['one', 'two', '--- exited with code 0 TIME ---'];
  const normalizedLogs = async (...args: string[]) =>
    normalize((await box.candle(['logs', ...args])).stdout)
      .trimEnd()
      .split('\n');
  expect(await normalizedLogs('api')).toEqual([...run, '--- started TIME ---', ...run]);
  expect(await normalizedLogs('api', '-n', '3')).toEqual(['two', run[2], '--- started TIME ---', ...run]);
  expect(await normalizedLogs('api', '--count', '1')).toEqual(['two', run[2]]);
  expect(await box.candle(['logs', 'api', '-n', '0'])).toEqual({ stdout: '', stderr: '', exitCode: 0 });
  expect(await box.candle(['logs', 'api', '-n', 'many'])).toMatchObject({
    stderr: expect.stringMatching(/^Error: 'many' is not a number of lines\n/),
    exitCode: 1,
  });
  await box.candle(['start', 'web']);
  expect(await normalizedLogs('-n', '1')).toEqual(['[api] two', `[api] ${run[2]}`, '[web] hi', `[web] ${run[2]}`]);
});
