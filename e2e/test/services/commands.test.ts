import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { executing, program } from './programs.ts';

const [idles, listens] = [program('idles.mjs'), program('listens.mjs')];

/** What changes from run to run, made the same. */
function steady(text: string): string {
  return text
    .replace(/\b\d+\/\d+\/\d+, \d+:\d+:\d+ [AP]M/g, 'TIME')
    .replace(/(PID: +|pid )\d+/g, '$1N')
    .replace(/(Uptime: +)\d+s/g, '$1Ns')
    .replace(/(RUNNING +)\d+( +)\d+s/g, '$1N$2Ns');
}

async function pidOf(box: Sandbox, name: string): Promise<number | null> {
  return (await box.candleJson(['list', name])).services[0].pid;
}

test('start, list and ps say what runs, where, since when and on which port', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'api', shell: listens },
        { name: 'worker', shell: idles, root: 'jobs' },
        { name: 'docs', shell: idles },
      ],
    },
  });
  mkdirSync(join(box.projectDir, 'jobs'));
  const { port } = await box.candleJson(['reserve-port', 'api']);

  expect(await box.candle(['start', 'api', 'worker'])).toEqual({
    stdout: [
      `[Started process 'api'] $ ${listens}`,
      `[With root directory: ${box.projectDir}]`,
      `[PORT: ${port}]`,
      `[Started process 'worker'] $ ${idles}`,
      `[With root directory: ${box.projectDir}/jobs]`,
      '',
    ].join('\n'),
    stderr: '',
    exitCode: 0,
  });
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe(String(port));

  const [list, ls, ps, status] = await Promise.all(['list', 'ls', 'ps', 'status'].map((verb) => box.candle([verb])));
  expect(steady(list?.stdout ?? '')).toBe(
    [
      'api',
      '  Status:    RUNNING',
      '  PID:       N',
      '  Uptime:    Ns',
      `  Port:      ${port}`,
      `  Command:   ${listens}`,
      `  Directory: ${box.projectDir}`,
      '',
      'worker',
      '  Status:    RUNNING',
      '  PID:       N',
      '  Uptime:    Ns',
      `  Command:   ${idles}`,
      `  Directory: ${box.projectDir}/jobs`,
      '',
      'docs',
      '  Status:    not running',
      `  Command:   ${idles}`,
      `  Directory: ${box.projectDir}`,
      '',
    ].join('\n'),
  );
  expect(steady(ls?.stdout ?? '')).toBe(steady(list?.stdout ?? ''));
  const columns = (line: string) => line.split(/ {2,}/);
  expect(
    steady(ps?.stdout ?? '')
      .trimEnd()
      .split('\n')
      .map(columns),
  ).toEqual([
    ['NAME', 'STATUS', 'PID', 'UPTIME', 'PORT'],
    ['api', 'RUNNING', 'N', 'Ns', String(port)],
    ['worker', 'RUNNING', 'N', 'Ns', '-'],
    ['docs', 'not running', '-', '-', '-'],
  ]);
  expect(steady(status?.stdout ?? '')).toBe(steady(ps?.stdout ?? ''));
});

test('every command tells in JSON what it tells in text', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles }] } });
  const { projectDir } = box;
  const started = {
    name: 'api',
    projectDir,
    outcome: 'running',
    pid: expect.any(Number),
    port: null,
    runId: expect.stringMatching(/^[\w-]+$/),
    startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    shell: idles,
    root: projectDir,
    portAccepts: null,
  };
  const [first] = (await box.candleJson(['start'])).services;
  expect(first).toEqual(started);
  const [kept] = (await box.candleJson(['check-start'])).services;
  expect(kept).toEqual({ ...first, outcome: 'kept' });
  const [second] = (await box.candleJson(['restart'])).services;
  expect(second).toEqual(started);
  expect(second.runId).not.toBe(first.runId);

  const listed = (await box.candleJson(['list'])).services;
  expect(listed).toEqual([
    {
      name: 'api',
      projectDir,
      status: 'RUNNING',
      running: true,
      pid: second.pid,
      port: null,
      runId: second.runId,
      startedAt: second.startedAt,
      endedAt: null,
      exitCode: null,
      exitSignal: null,
      shell: idles,
      root: projectDir,
      transient: false,
      configChanged: false,
    },
  ]);
  expect((await box.candleJson(['ps'])).services).toEqual(listed);
  expect((await box.candleJson(['logs'])).services).toEqual([
    {
      name: 'api',
      projectDir,
      entries: expect.arrayContaining([
        { kind: 'line', runId: first.runId, text: 'up' },
        { kind: 'ended', runId: first.runId, at: expect.any(String), exitCode: 143, reason: 'replaced' },
        { kind: 'started', runId: second.runId, at: second.startedAt },
        { kind: 'line', runId: second.runId, text: 'up' },
      ]),
    },
  ]);
  expect(await box.candleJson(['kill'])).toEqual({
    services: [{ name: 'api', projectDir, stopped: true, forced: false, leftRunning: [] }],
  });
  expect((await box.candleJson(['kill', 'api'])).services).toMatchObject([{ stopped: false }]);
  expect((await box.candleJson(['list'])).services).toMatchObject([
    { status: 'not running', running: false, pid: null, exitCode: 143, endedAt: expect.any(String) },
  ]);
});

test('run and stop are start and kill; a second start takes the place of the first', async () => {
  const box = sandbox({ config: { services: { api: { shell: idles } } } });
  expect((await box.candle(['run', 'api'])).stdout).toContain("[Started process 'api']");
  const first = await pidOf(box, 'api');
  expect((await box.candle(['start', 'api'])).exitCode).toBe(0);
  expect(executing(box, 'idles.mjs')).toHaveLength(1);
  expect(await pidOf(box, 'api')).not.toBe(first);
  expect(await box.candle(['stop', 'api'])).toEqual({ stdout: "[Stopped process 'api']\n", stderr: '', exitCode: 0 });
  expect(executing(box, 'idles.mjs')).toEqual([]);
  expect(await box.candle(['stop', 'api'])).toEqual({
    stdout: "Service 'api' is not running\n",
    stderr: '',
    exitCode: 0,
  });
  expect(await box.candle(['stop'])).toEqual({ stdout: 'No service is running\n', stderr: '', exitCode: 0 });
});

test('without names start and check-start take what starts by itself, restart and kill what runs', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'api', shell: idles },
        { name: 'web', shell: idles },
        { name: 'migrate', shell: idles, autostart: false },
      ],
    },
  });
  const running = async () => {
    const { services } = await box.candleJson(['list']);
    return services
      .filter((service: { running: boolean }) => service.running)
      .map(({ name }: { name: string }) => name);
  };
  expect(await box.candle(['restart'])).toMatchObject({
    stdout: 'No service is running, so none was restarted\n',
    exitCode: 0,
  });
  expect((await box.candle(['start'])).exitCode).toBe(0);
  expect(await running()).toEqual(['api', 'web']);
  const web = await pidOf(box, 'web');
  expect((await box.candle(['kill', 'api'])).exitCode).toBe(0);
  expect((await box.candle(['restart'])).stdout).not.toContain("'api'");
  expect(await running()).toEqual(['web']);
  const newWeb = await pidOf(box, 'web');
  expect(newWeb).not.toBe(web);
  expect(steady((await box.candle(['check-start'])).stdout)).toBe(
    [
      `[Started process 'api'] $ ${idles}`,
      `[With root directory: ${box.projectDir}]`,
      "[Already running: 'web', pid N]",
      '',
    ].join('\n'),
  );
  expect(await pidOf(box, 'web')).toBe(newWeb);
  expect((await box.candle(['start', 'migrate'])).exitCode).toBe(0);
  expect(await running()).toEqual(['api', 'web', 'migrate']);
  expect((await box.candle(['kill'])).stdout.split('\n').sort()).toEqual([
    '',
    "[Stopped process 'api']",
    "[Stopped process 'migrate']",
    "[Stopped process 'web']",
  ]);
});

test('a transient service is started, listed, restarted by its name and killed like any other', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles }] } });
  mkdirSync(join(box.projectDir, 'site'));
  const start = await box.candle(['start', 'docs', '--shell', idles, '--root', 'site']);
  expect(start).toMatchObject({ exitCode: 0, stderr: '' });
  expect(start.stdout).toContain(`[With root directory: ${box.projectDir}/site]`);
  expect((await box.candle(['list'])).stdout).toContain('docs (transient)\n  Status:    RUNNING');
  const first = await pidOf(box, 'docs');
  expect((await box.candle(['restart', 'docs'])).stdout).toContain(`[With root directory: ${box.projectDir}/site]`);
  expect(await pidOf(box, 'docs')).not.toBe(first);
  expect((await box.candle(['kill', 'docs'])).exitCode).toBe(0);
  expect((await box.candle(['start', 'docs'])).exitCode).toBe(0);
  expect((await box.candle(['start'])).stdout).not.toContain("'docs'");
  expect(executing(box, 'idles.mjs')).toHaveLength(2);

  expect(await box.candle(['start', 'api', '--shell', 'true'])).toMatchObject({
    stderr: expect.stringMatching(
      /^Error: Service 'api' has its command in .*\.candle\.json, so --shell cannot be given\n/,
    ),
    exitCode: 1,
  });
  expect(await box.candle(['start', 'a', 'b', '--shell', 'true'])).toMatchObject({ exitCode: 1, stdout: '' });
});

test('restart uses the configuration as it is now, and until then the entry says that it has changed', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: `exec ${idles}` }] } });
  await box.candle(['start']);
  expect((await box.candle(['ps'])).stdout).not.toContain('config changed');
  mkdirSync(join(box.projectDir, 'new'));
  box.writeConfig({ services: [{ name: 'api', shell: idles, root: 'new' }] });

  expect((await box.candle(['list'])).stdout).toContain('Status:    RUNNING [config changed]');
  expect((await box.candle(['ps'])).stdout).toMatch(/^api +RUNNING \[config changed\] /m);
  // What runs is told, not what would run.
  expect((await box.candleJson(['list'])).services).toMatchObject([
    { configChanged: true, shell: `exec ${idles}`, root: box.projectDir },
  ]);
  expect((await box.candle(['check-start'])).stdout).toContain('[Already running');

  expect((await box.candle(['restart', 'api'])).stdout).toContain(
    `[Started process 'api'] $ ${idles}\n[With root directory: ${box.projectDir}/new]`,
  );
  expect((await box.candleJson(['list'])).services).toMatchObject([
    { configChanged: false, root: `${box.projectDir}/new` },
  ]);
});

test('a broken configuration stops only what needs it, and the rest says that it is broken', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles }] } });
  await box.candle(['start']);
  box.writeConfig('{ "services": [ { "name": "api" } ]');

  for (const verb of ['start', 'check-start', 'restart']) {
    const { stdout, stderr, exitCode } = await box.candle([verb]);
    expect({ stdout, exitCode }, verb).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toMatch(/^Error: .*\.candle\.json is not valid/);
  }
  for (const verb of ['list', 'ps', 'logs']) {
    const { stdout, stderr, exitCode } = await box.candle([verb]);
    expect(exitCode, verb).toBe(0);
    expect(stdout, verb).toMatch(verb === 'logs' ? /up/ : /api[\s\S]*RUNNING/);
    expect(stderr, verb).toMatch(/^Warning: .*\.candle\.json is not valid/);
  }
  const kill = await box.candle(['kill', 'api']);
  expect(kill).toMatchObject({ stdout: "[Stopped process 'api']\n", exitCode: 0 });
  expect(kill.stderr).toMatch(/^Warning: .*\.candle\.json is not valid/);
});

test('a service that the configuration has no more can be seen and killed, but not started', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles }] } });
  await box.candle(['start', 'api']);
  box.writeConfig({ services: [{ name: 'web', shell: idles }] });
  expect((await box.candleJson(['list'])).services).toMatchObject([
    { name: 'web', status: 'not running' },
    { name: 'api', status: 'RUNNING' },
  ]);
  for (const args of [['start', 'api'], ['check-start', 'api'], ['restart', 'api'], ['restart']]) {
    expect(await box.candle(args), args.join(' ')).toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/^Error: Service 'api' is not configured in .*\.candle\.json\n/),
      exitCode: 1,
    });
  }
  expect(executing(box, 'idles.mjs')).toHaveLength(1);
  expect(await box.candle(['kill', 'api'])).toMatchObject({ stdout: "[Stopped process 'api']\n", exitCode: 0 });
  expect((await box.candleJson(['list'])).services).toMatchObject([{ name: 'web' }]);
});

test('list-all and kill-all reach every project; names make no sense with them', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles }] } });
  const other = join(box.root, 'other');
  mkdirSync(other);
  await box.candle(['start']);
  await box.candle(['start', 'web', '--shell', idles], { cwd: other });

  for (const args of [['list-all'], ['list', '--all'], ['ps-all'], ['ps', '--all']]) {
    const { stdout } = await box.candle(args, { cwd: box.root });
    expect(stdout, args.join(' ')).toContain(box.projectDir);
    expect(stdout, args.join(' ')).toContain(other);
  }
  for (const verb of ['kill', 'list', 'ps']) {
    expect(await box.candle([verb, '--all', 'api']), verb).toMatchObject({ stdout: '', exitCode: 1 });
  }
  expect(executing(box, 'idles.mjs')).toHaveLength(2);
  expect((await box.candle(['kill-all'], { cwd: box.root })).stdout.split('\n').sort()).toEqual([
    '',
    `[Stopped process 'api'] ${box.projectDir}`,
    `[Stopped process 'web'] ${other}`,
  ]);
  expect(executing(box, 'idles.mjs')).toEqual([]);
  expect(await box.candle(['kill', '--all'])).toMatchObject({ stdout: 'No service is running\n', exitCode: 0 });
});

test('logs shows the last lines, earlier runs marked, and names the services when there are several', async () => {
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
  const steadyLogs = async (...args: string[]) =>
    steady((await box.candle(['logs', ...args])).stdout)
      .trimEnd()
      .split('\n');
  expect(await steadyLogs('api')).toEqual([...run, '--- started TIME ---', ...run]);
  expect(await steadyLogs('api', '-n', '3')).toEqual(['two', run[2], '--- started TIME ---', ...run]);
  expect(await steadyLogs('api', '--count', '1')).toEqual(['two', run[2]]);
  expect(await box.candle(['logs', 'api', '-n', 'many'])).toMatchObject({
    stderr: expect.stringMatching(/^Error: 'many' is not a number of lines\n/),
    exitCode: 1,
  });
  await box.candle(['start', 'web']);
  expect(await steadyLogs('-n', '1')).toEqual(['[api] two', `[api] ${run[2]}`, '[web] hi', `[web] ${run[2]}`]);
});

test('one service that fails stops no other, and all that failed is told', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'a', shell: 'exit 3' },
        { name: 'b', shell: idles },
        { name: 'c', shell: 'exit 4' },
      ],
    },
  });
  const { stdout, stderr, exitCode } = await box.candle(['start']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain("[Started process 'b']");
  expect(stderr).toMatch(
    /^Error: 2 services failed\n- Service 'a' ended while.* code 3\n[\s\S]*- Service 'c' .* code 4\n/,
  );
  expect(executing(box, 'idles.mjs')).toHaveLength(1);
  expect(await box.candle(['start', '--json'])).toMatchObject({ stderr: '', exitCode: 1 });
});

test('without anything to start, start says what to type', async () => {
  const box = sandbox({ config: { services: [] } });
  for (const verb of ['start', 'check-start']) {
    expect(await box.candle([verb])).toMatchObject({
      stderr: expect.stringMatching(/^Error: No service to start: .*\ncandle add-service /),
      exitCode: 1,
    });
  }
  expect(await box.candle(['start', 'apii'])).toMatchObject({
    stderr: expect.stringMatching(/^Error: Unknown service 'apii' in project /),
    exitCode: 1,
  });
});
