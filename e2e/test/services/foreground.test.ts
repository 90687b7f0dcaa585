import { type ChildProcess, spawn } from 'node:child_process';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inPart, testInFull } from '../bounded.ts';
import { bin, sandbox } from '../sandbox.ts';
import { executing, program } from './programs.ts';

const services = {
  web: { shell: program('listens.mjs'), port: 'auto', dependsOn: ['api'] },
  api: { shell: program('idles.mjs') },
};

/** `up --foreground` without a terminal. */
function foreground(box: Sandbox, ...args: string[]) {
  const child = spawn(process.execPath, [bin, 'up', '--foreground', ...args], {
    cwd: box.projectDir,
    env: box.env,
    stdio: 'pipe',
  });
  return { child, ...watch(child) };
}

function watch(child: ChildProcess) {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => {
      output += text;
    });
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  );
  return { output: () => output, ended };
}

async function untilFollowing(output: () => string): Promise<void> {
  await until('the services are ready', () => /^web +started/m.test(output()), { explain: async () => output() });
}

function left(box: Sandbox): number[] {
  return [...executing(box, 'listens.mjs'), ...executing(box, 'idles.mjs')];
}

/** The supervisor and its watchdog. */
function killBackground(box: Sandbox): void {
  for (const { pid } of box.background()) process.kill(pid, 'SIGKILL');
}

/** The command is stopped first, so that it cannot start another supervisor. Its services are running. */
async function killedWithItsSupervisor(): Promise<{ box: Sandbox; pid: number | undefined }> {
  const box = sandbox({ config: { services } });
  const { child, output, ended } = foreground(box);
  await untilFollowing(output);
  child.kill('SIGSTOP');
  killBackground(box);
  child.kill('SIGKILL');
  await ended;
  return { box, pid: child.pid };
}

inPart(1).each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGQUIT', 131],
] as const)('%s stops what it has started, and the exit code is %i', async (signal, exitCode) => {
  const box = sandbox({ config: { services } });
  const { child, output, ended } = foreground(box);
  await untilFollowing(output);
  child.kill(signal);
  expect(await ended).toBe(exitCode);
  expect(left(box)).toEqual([]);
  expect(output().indexOf("Stopped 'web'")).toBeLessThan(output().indexOf("Stopped 'api'"));
  expect((await box.candleJson(['list'])).services).toMatchObject([{ running: false }, { running: false }]);
});

test('what was running before is left alone, and stays when the command ends', async () => {
  const box = sandbox({ config: { services } });
  await box.candle(['up', 'api']);
  const before = executing(box, 'idles.mjs');
  const { child, output, ended } = foreground(box);
  await untilFollowing(output);
  child.kill('SIGTERM');
  expect(await ended).toBe(143);
  expect(output()).toContain("'api' was running before, and keeps running. To stop it: candle down api\n");
  expect(left(box)).toEqual(before);
});

test('shows the output without a terminal, and ends when all services have ended', async () => {
  const box = sandbox({ config: { services: { job: { shell: 'echo working; sleep 3; echo finished' } } } });
  const { output, ended } = foreground(box);
  expect(await ended).toBe(0);
  expect(output()).toMatch(/working\n(.*\n)*finished\n/);
});

test('if a service fails, it exits with 1 and leaves nothing running', async () => {
  const box = sandbox({ config: { services: { ...services, bad: { shell: 'echo no database; exit 4' } } } });
  const { output, ended } = foreground(box);
  expect(await ended).toBe(1);
  expect(output()).toContain('no database');
  expect(left(box)).toEqual([]);
});

test('a signal before all services are ready stops those that were started', async () => {
  const config = { services: { ...services, late: { shell: program('idles.mjs'), ready: { log: 'never printed' } } } };
  const box = sandbox({ config });
  const { child, ended } = foreground(box);
  await until('services are running', () => left(box).length === 3);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(left(box)).toEqual([]);
});

test('a signal during the setup stops the setup', async () => {
  const box = sandbox({
    config: { setup: `echo begun; exec ${program('idles.mjs')}`, services: { web: services.api } },
  });
  const { child, output, ended } = foreground(box);
  await until('the setup is running', () => output().includes('begun'));
  child.kill('SIGTERM');
  expect(await ended).toBe(143);
  expect(left(box)).toEqual([]);
});

test('after SIGKILL of the command, the supervisor stops what it has started, and nothing else', async () => {
  const restarted = { ...services, web: { ...services.web, restart: 'always' } };
  const box = sandbox({ config: { services: { ...restarted, other: { shell: program('exits-on-request.mjs') } } } });
  await box.candle(['up', 'other']);
  const other = executing(box, 'exits-on-request.mjs');
  const { child, output, ended } = foreground(box);
  await untilFollowing(output);
  child.kill('SIGKILL');
  const killedAtMs = performance.now();
  expect(await ended).toBe('SIGKILL');
  await until('the services are stopped', () => left(box).length === 0);
  // Time limit: the issue is the time that a supervisor needs, so it is generous for a busy machine.
  expect(performance.now() - killedAtMs).toBeLessThan(10_000);
  expect(executing(box, 'exits-on-request.mjs')).toEqual(other);
  await until('the end is recorded', async () => {
    const { services } = await box.candleJson(['list', 'web', 'api']);
    return services.every(
      ({ running, restarts }: { running: boolean; restarts: number }) => !running && restarts === 0,
    );
  });
});

testInFull('a supervisor that was killed in between is replaced, and stops the services too', async () => {
  const box = sandbox({ config: { services } });
  const { child, output, ended } = foreground(box);
  await untilFollowing(output);
  const before = box.background().map(({ pid }) => pid);
  killBackground(box);
  // The command starts another one, because it keeps a connection open.
  await until('there is another supervisor', () => box.background().some(({ pid }) => !before.includes(pid)));
  child.kill('SIGKILL');
  await ended;
  await until('the services are stopped', () => left(box).length === 0);
});

test('after SIGKILL of both, doctor reports the services, and the next command starts a supervisor, which stops them', async () => {
  const { box, pid } = await killedWithItsSupervisor();
  expect((await box.candle(['doctor'])).stdout).toContain(`but the command that it belongs to (pid ${pid}) was killed`);
  expect(left(box)).toHaveLength(2);
  await box.candle(['ps-all']);
  await until('the services are stopped', () => left(box).length === 0);
});

testInFull(
  'after SIGKILL of both, up replaces the services instead of keeping those that are about to stop',
  async () => {
    const { box } = await killedWithItsSupervisor();
    const before = left(box);
    const { services: now } = await box.candleJson(['up']);
    expect(now).toMatchObject([{ state: 'started' }, { state: 'started' }]);
    const after = left(box);
    expect(after).toHaveLength(2);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    // The supervisor has looked at the runs by then.
    await box.candle(['wait-for-ready', 'web']);
    expect(left(box)).toEqual(after);
  },
);

/** As Playwright starts and ends its `webServer`: through a shell, in an own process group, which it kills. */
test('a parent that kills its process group with SIGKILL leaves no service', async () => {
  const box = sandbox({ config: { services } });
  const command = `"${process.execPath}" "${bin}" up --foreground`;
  const child = spawn(command, { cwd: box.projectDir, env: box.env, shell: true, detached: true, stdio: 'pipe' });
  const { output, ended } = watch(child);
  await untilFollowing(output);
  expect(await (await fetch('http://localhost:4000')).text()).toBe('4000');
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  expect(await ended).toBe('SIGKILL');
  await until('the services are stopped', () => left(box).length === 0);
  expect((await box.candle(['start', 'api'])).exitCode).toBe(0);
});

inPart(2).each([
  [['--json'], '--foreground shows the output of services'],
  [['--detach'], '--detach'],
])('rejects %j together with it', async (args, problem) => {
  const box = sandbox({ config: { services } });
  const { stderr, stdout, exitCode } = await box.candle(['up', '--foreground', ...args]);
  expect(exitCode).toBe(1);
  expect(stdout + stderr).toContain(problem);
  expect(left(box)).toEqual([]);
});
