import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { runProgram, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { bin, sandbox } from '../sandbox.ts';

/** Node.js prints the cause of an error after its stack trace, and the fields of an error after that. */
const failsAtLength =
  'throw new Error("no settings", { cause: Object.assign(new Error("no file"), Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}`, at]))) })';

test('errors explain why a command failed, without internal paths', async () => {
  const services = {
    file: { shell: './run.js' },
    tool: { shell: 'nodemon server.js' },
    tests: { shell: '[[ -e x ]]' },
    trace: { shell: 'node fails.js' },
  };
  const box = sandbox({ config: { services } });
  box.writeFile('fails.js', failsAtLength);
  box.writeFile('run.js', '');
  const starts = await box.candle(['start']);
  expect(starts.stderr).toMatch(
    /Its last lines:\n +Error: no settings\n +at .*fails.js:1.*\n +…\n +\[cause]: Error: no file\n +at .*fails.js:1.*\n +…\n(.*\n){10} +}\n/,
  );
  expect(starts.stderr).toContain(
    "sh: nodemon: not found\n  'nodemon' is not in PATH\n  Write npx nodemon instead of nodemon in the command",
  );
  expect(starts.stderr).toContain(
    `'./run.js' is not executable\n  To make it executable: chmod +x ${box.projectDir}/run.js\n  Or write node ./run.js instead`,
  );
  expect(starts.stderr).toContain(
    "bash knows '[[', but sh does not\n  To run the command with bash: bash -c '[[ -e x ]]'\n",
  );
  expect(`${starts.stdout}${starts.stderr}`).not.toContain(box.stateDir);
  expect((await box.candle(['logs'])).stdout).not.toContain(box.stateDir);
  const [tool] = (await box.candleJson(['list', 'tool'])).services;
  expect(tool.explanation).toMatch(/^'nodemon' is not in PATH\nWrite npx nodemon /);
  expect((await box.candle(['ps'])).stdout).toContain("FAILED (127) [bash knows '[[', but sh does not]");
});

test('a restart under a PATH without the program says what differs', async () => {
  const box = sandbox({ config: { services: { api: { shell: 'serve-it', ready: false } } } });
  chmodSync(box.writeFile('tools/serve-it', '#!/bin/sh\nexec sleep 1000\n'), 0o755);
  const tools = `${box.projectDir}/tools`;
  const withTools = { env: { PATH: `${tools}:${box.env.PATH}` } };
  expect((await box.candle(['start', 'api'], withTools)).exitCode).toBe(0);
  const { error } = await box.candleJson(['restart', 'api']);
  expect(error.details).toMatchObject({
    exitCode: 127,
    explanation: expect.stringContaining(
      `PATH differs from the previous run: it no longer contains ${tools}, which has 'serve-it'\n`,
    ),
  });
  expect((await box.candleJson(['restart', 'api'])).error.hint).toContain('PATH differs from an earlier run');
});

test('the error of a setup and the error of a job contain the same explanation', async () => {
  const box = sandbox({
    config: { setup: { run: 'source .env' }, services: { seed: { shell: 'env seed-it', oneshot: true } } },
  });
  const { error: setup } = await box.candleJson(['up', '--detach']);
  expect(setup).toMatchObject({ code: 'SETUP_FAILED', details: { explanation: expect.stringMatching(/^bash knows/) } });
  const { error: job } = await box.candleJson(['start', 'seed', '--no-setup']);
  const explanation = expect.stringMatching(/^No directory in PATH of the service has 'seed-it'/);
  expect(job).toMatchObject({ code: 'SERVICE_JOB_FAILED', details: { explanation } });
});

/** The files in which the kernel counts the processes that it has killed for lack of memory. */
const countFiles = '/proc/vmstat $(find /sys/fs/cgroup -name memory.events 2>/dev/null)';
const replacesCounts = `for f in ${countFiles}; do mount --bind "$2" $f || exit 77; done`;
const canReplace =
  spawnSync('unshare', ['-m', 'sh', '-c', replacesCounts, 'sh', '', '/proc/self/cmdline']).status === 0;

test.skipIf(!canReplace)('an end by SIGKILL names the OOM killer if it has killed during the run', async () => {
  const shell = 'until [ -e go ]; do sleep 0.02; done; kill -9 $$';
  const box = sandbox({ config: { services: { api: { shell, ready: false } } } });
  const counts = box.writeFile('counts', 'oom_kill 3\n');
  const script = `${replacesCounts}; "$0" "$1" start api && echo "oom_kill 5" > "$2" && : > go`;
  const options = { cwd: box.projectDir, env: box.env };
  await runProgram('unshare', ['-m', 'sh', '-c', script, process.execPath, bin, counts], options);
  const reason =
    "SIGKILL probably came from the kernel's OOM killer: it has killed 2 processes for lack of memory during the run";
  // The supervisor records the count that it sees.
  await until('the end is recorded', async () => (await box.candleJson(['list'])).services[0].explanation === reason);
  expect((await box.candle(['logs', 'api'])).stdout).toContain(`; ${reason} ---\n`);
  const [{ entries }] = (await box.candleJson(['logs', 'api'])).services;
  expect(entries.at(-1)).toMatchObject({ kind: 'ended', exitSignal: 'SIGKILL', explanation: reason });
});

test('an end by SIGKILL says whether Candle sent it', async () => {
  const services = {
    api: { shell: 'kill -9 $$' },
    web: { shell: "trap '' TERM; while :; do sleep 1; done", ready: false, stopTimeout: '200ms' },
  };
  const box = sandbox({ config: { services } });
  expect((await box.candle(['start', 'api', 'web'])).stderr).toContain(
    'Killed\nSIGKILL came from another program or the system, not from Candle\n',
  );
  await box.candle(['kill', 'web']);
  const logs = await box.candleJson(['logs']);
  const last = logs.services.map(({ entries }: { entries: readonly unknown[] }) => entries.at(-1));
  expect(last).toMatchObject([
    { reason: 'exited', explanation: 'SIGKILL came from another program or the system, not from Candle' },
    { reason: 'stopped' },
  ]);
  expect(last[1]).not.toHaveProperty('explanation');
});
