import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runTool } from './run-tool.ts';

const timeoutMs = 60_000;
const node = (script: string, env: Readonly<Record<string, string>> = {}) =>
  runTool({ file: process.execPath, args: ['-e', script], cwd: '/', env, timeoutMs });

test('returns the output and the exit code of a tool', async () => {
  const script = "console.log(process.cwd()); console.error('careful'); process.exitCode = 3";
  expect(await node(script)).toEqual({ stdout: '/\n', stderr: 'careful\n', exitCode: 3 });
});

test('runs the tool without input and with only the given environment', async () => {
  const script = "process.stdin.on('end', () => console.log(process.env.GIVEN, process.env.PATH)).resume()";
  expect((await node(script, { GIVEN: 'yes' })).stdout).toBe('yes undefined\n');
});

test('returns no exit code if a signal kills the tool or the tool does not exist', async () => {
  expect(await node("process.kill(process.pid, 'SIGKILL')")).toMatchObject({ exitCode: undefined });
  const missing = await runTool({ file: '/does/not/exist', args: [], cwd: '/', env: {}, timeoutMs });
  expect(missing).toMatchObject({ exitCode: undefined, stderr: expect.stringContaining('ENOENT') });
});

test('kills a tool after the timeout and reports it', async () => {
  const args = ['-e', 'console.error(1); setInterval(() => undefined, 1_000)'];
  const result = await runTool({ file: process.execPath, args, cwd: '/', env: {}, timeoutMs: 400 });
  expect(result).toMatchObject({ exitCode: undefined, stderr: expect.stringMatching(/\nIt took longer than 0\.4 s$/) });
});

test('does not wait for a child that holds the output of the tool open', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'candle-tool-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  // The child runs until the end of the test.
  const args = ['-c', 'while [ -e "$0" ]; do sleep 0.1; done & wait', dir];
  const run = { file: 'sh', args, cwd: '/', env: { PATH: process.env.PATH } };
  expect(await runTool({ ...run, timeoutMs: 200 })).toMatchObject({ exitCode: undefined });
});
