import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { calm } from '../calm.ts';
import { sandbox } from '../sandbox.ts';
import { awaitNoSupervisor } from '../supervisor-of.ts';
import { executing, program } from './programs.ts';

const exitsOnStopFile = program('exits-on-stop-file.mjs');

async function logsOf(box: Sandbox, name = 'api'): Promise<string> {
  return (await box.candle(['logs', name])).stdout;
}

/** Starts a service and waits until it is ready for its stopCommand. */
async function startWith(service: Record<string, unknown>): Promise<Sandbox> {
  const box = sandbox({ config: { services: [{ name: 'api', shell: exitsOnStopFile, ready: false, ...service }] } });
  box.writeFile('infra/here', '');
  expect(await box.candle(['start'])).toMatchObject({ stderr: calm, exitCode: 0 });
  await until('the service is ready', async () => (await logsOf(box)).includes('ready'));
  return box;
}

const stopped = { stdout: "[Stopped process 'api']\n", exitCode: 0 };

test('a stopCommand runs in the directory and environment of the service, its output is logged, and no signal is sent', async () => {
  const stopCommand =
    'tr "\\0" " " < /proc/$$/cmdline; echo; pwd; echo "$TOKEN $CANDLE_SERVICE [$CANDLE_RUN_ID]"; cat; echo told >&2; touch stop';
  const box = await startWith({ root: 'infra', env: { TOKEN: 'secret' }, stopCommand });
  expect(await box.candle(['kill'])).toEqual({ ...stopped, stderr: '' });
  const logs = await logsOf(box);
  expect(logs).toMatch(/^ready\n\/bin\/sh -c while .* sh (\S*)\/stop-command\.\d+ +\n\1?/);
  expect(logs).toContain(`${box.projectDir}/infra\nsecret api []\ntold\n`);
  expect(logs).not.toContain('signalled');
  // The command is not in the arguments of a process, and its file is deleted after the stop.
  expect(logs).not.toContain('TOKEN');
  const { runId, exitCode } = (await box.candleJson(['list'])).services[0];
  expect(exitCode).toBe(0);
  expect(readdirSync(join(box.stateDir, 'runs', runId)).join()).not.toContain('stop-command');
  expect(box.processes()).toEqual([]);
});

test('a stopCommand that fails is reported, and the remaining processes get the stop signal', async () => {
  const box = await startWith({ stopCommand: 'echo trying; exit 3' });
  expect(await box.candle(['kill'])).toEqual({
    ...stopped,
    stderr: "The stopCommand of 'api' failed: it exited with code 3\n",
  });
  expect(await logsOf(box)).toMatch(/ready\ntrying\nsignalled\n/);
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'not running', exitCode: 9 }]);
  await box.candle(['start']);
  expect((await box.candleJson(['kill'])).services).toMatchObject([
    { stopped: true, forced: false, stopCommandProblem: 'it exited with code 3' },
  ]);
});

test('a stopCommand that exceeds stopTimeout is killed with its child processes and reported', async () => {
  const box = await startWith({ stopCommand: 'sleep 1000 | sleep 1000', stopTimeout: '1.5s' });
  const { stdout, stderr, exitCode } = await box.candle(['kill']);
  expect({ stdout, exitCode }).toEqual(stopped);
  expect(stderr).toMatch(
    /^Waiting for 'api' to exit: its stopCommand \(pid \d+\)\nThe stopCommand of 'api' failed: it did not exit within 1.5 s and was killed\n$/,
  );
  expect(await logsOf(box)).toContain('signalled\n');
  expect(box.processes()).toEqual([]);
});

test('kill and restart run the stopCommand of the start, and report if its directory no longer exists', async () => {
  const box = await startWith({ root: 'infra', stopCommand: 'echo first; touch stop' });
  const shell = `rm -f stop; exec ${exitsOnStopFile}`;
  box.writeConfig({ services: [{ name: 'api', shell, ready: false, root: 'infra', stopCommand: 'echo second' }] });
  expect(await box.candle(['restart'])).toMatchObject({ stderr: calm, exitCode: 0 });
  expect(await logsOf(box)).toContain('ready\nfirst\n');
  await until('the service is ready again', async () => (await logsOf(box)).match(/ready/g)?.length === 2);
  rmSync(join(box.projectDir, 'infra'), { recursive: true });
  expect(await box.candle(['kill'])).toEqual({
    ...stopped,
    stderr: expect.stringMatching(/^The stopCommand of 'api' failed: its directory .*\/infra does not exist\n$/),
  });
  expect(await logsOf(box)).not.toContain('second');
  expect(executing(box, 'exits-on-stop-file.mjs')).toEqual([]);
});

test('the stopCommand stops a daemon whose launcher has exited with code 0', async () => {
  const daemon = "setInterval(() => require('fs').existsSync('stop') && process.exit(), 20)";
  const starts = `node -e 'require("child_process").spawn("node", ["-e", process.argv[1]], { detached: true, stdio: ["ignore", "inherit", "inherit"] }).unref(); console.log("ready")' ${JSON.stringify(daemon)}`;
  const box = await startWith({ shell: starts, stopCommand: 'echo telling; touch stop' });
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'RUNNING' }]);
  expect(await box.candle(['kill'])).toEqual({ ...stopped, stderr: '' });
  expect(await logsOf(box)).toContain('telling\n');
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'not running', exitCode: 0 }]);
  expect(box.processes()).toEqual([]);
});

test('kill runs the configured stopCommand of a finished command until it succeeds once', async () => {
  const up = 'echo up > state';
  const box = sandbox({ config: { services: [{ name: 'db', shell: up, stopCommand: 'false' }] } });
  const state = () => readFileSync(join(box.projectDir, 'state'), 'utf8');
  expect(await box.candle(['kill', 'db'])).toMatchObject({ stdout: "Service 'db' is not running\n", exitCode: 0 });
  expect((await box.candleJson(['start'])).services).toMatchObject([{ outcome: 'finished' }]);
  expect(await box.candle(['kill', 'db'])).toEqual({
    stdout: '',
    stderr: "Error: The stopCommand of service 'db' failed: it exited with code 1\nTo see its output: candle logs db\n",
    exitCode: 1,
  });
  const down = 'echo "down $CANDLE_SERVICE" | tee state';
  box.writeConfig({ services: [{ name: 'db', shell: up, stopCommand: down }] });
  expect(await box.candle(['kill', 'db'])).toEqual({ stdout: "[Stopped process 'db']\n", stderr: '', exitCode: 0 });
  expect(state()).toBe('down db\n');
  expect(await logsOf(box, 'db')).toContain('down db\n');
  expect(await box.candle(['kill'])).toMatchObject({ stdout: 'No service of this project is running\n', exitCode: 0 });
  await box.candle(['start']);
  expect(state()).toBe('up\n');
  expect(await box.candle(['kill'])).toMatchObject({ stdout: "[Stopped process 'db']\n", exitCode: 0 });
});

test('kill runs the stopCommand of a finished command even after the ports in its variables are released', async () => {
  const env = { OWN: `\${port}`, API: `\${services.api.url}/x` };
  const stopCommand = 'echo "[$PORT $OWN $API]" > state';
  const box = sandbox({
    config: {
      services: [
        { name: 'db', shell: 'true', port: 'auto', env, stopCommand },
        { name: 'api', shell: 'true', port: 'auto' },
      ],
    },
  });
  const { port } = (await box.candleJson(['start', 'db'])).services[0];
  await box.candle(['release-ports']);
  expect(await box.candle(['kill', 'db'])).toEqual({ stdout: "[Stopped process 'db']\n", stderr: '', exitCode: 0 });
  expect(readFileSync(join(box.projectDir, 'state'), 'utf8')).toBe(`[${port} ${port} /x]\n`);
});

test('the cleanup of a supervisor keeps the output of a stopCommand that is running for a finished command', async () => {
  const stopCommand = 'echo first; touch begun; until [ -e stop ]; do sleep 0.02; done; echo last';
  const box = sandbox({ config: { services: [{ name: 'db', shell: 'echo up', stopCommand }] } });
  await box.candle(['start']);
  await awaitNoSupervisor(box);
  const kill = box.candle(['kill', 'db']);
  await until('the stopCommand is running', () => existsSync(join(box.projectDir, 'begun')));
  await box.candle(['start', 'other', '--shell', 'exit 0']);
  await awaitNoSupervisor(box);
  box.writeFile('stop', '');
  expect(await kill).toMatchObject({ stdout: "[Stopped process 'db']\n", exitCode: 0 });
  expect(await logsOf(box, 'db')).toMatch(/up\n(.*\n)*first\nlast\n/);
});

test('the stopCommand does not run for a service that failed to start', async () => {
  const box = sandbox({ config: { services: [{ name: 'db', shell: 'exit 4', stopCommand: 'touch ran' }] } });
  expect(await box.candle(['start'])).toMatchObject({ exitCode: 1 });
  expect(await box.candle(['kill'])).toMatchObject({ stdout: 'No service of this project is running\n', exitCode: 0 });
  expect(existsSync(join(box.projectDir, 'ran'))).toBe(false);
});
