import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calm, withoutNewCommands } from '../calm.ts';
import { sandbox } from '../sandbox.ts';
import { normalize, pidOf, runEach } from './answers.ts';
import { executing, program } from './programs.ts';

const idles = program('idles.mjs');
const listens = program('listens.mjs');

test('start, list and ps show the command, the directory, the uptime and the port of each service', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'api', shell: listens },
        { name: 'worker', shell: idles, ready: false, root: 'jobs' },
        { name: 'docs', shell: idles, ready: false },
      ],
    },
  });
  mkdirSync(join(box.projectDir, 'jobs'));
  const { port } = await box.candleJson(['reserve-port', 'api']);

  const start = await box.candle(['start', 'api', 'worker']);
  expect({ ...start, stderr: withoutNewCommands(start.stderr) }).toMatchObject({ stderr: calm, exitCode: 0 });
  // They start at the same time.
  expect(start.stdout.split(/^(?=\[Started)/m).toSorted()).toEqual([
    `[Started process 'api'] $ ${listens}\n[With root directory: ${box.projectDir}]\n[PORT: ${port}]\n[URL: http://localhost:${port}]\n`,
    `[Started process 'worker'] $ ${idles}\n[With root directory: ${box.projectDir}/jobs]\n`,
  ]);
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe(String(port));

  const [list, ls, ps, status] = await runEach(box, ['list'], ['ls'], ['ps'], ['status']);
  expect(normalize(list?.stdout ?? '')).toBe(
    [
      'api',
      '  Status:    RUNNING',
      '  Ready:     yes',
      '  PID:       N',
      '  Uptime:    Ns',
      `  Port:      ${port}`,
      `  URL:       http://localhost:${port}`,
      `  Command:   ${listens}`,
      `  Directory: ${box.projectDir}`,
      '',
      'worker',
      '  Status:    RUNNING',
      '  Ready:     yes',
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
  expect(normalize(ls?.stdout ?? '')).toBe(normalize(list?.stdout ?? ''));
  const columns = (line: string) => line.split(/ {2,}/);
  expect(
    normalize(ps?.stdout ?? '')
      .trimEnd()
      .split('\n')
      .map(columns),
  ).toEqual([
    ['NAME', 'STATUS', 'READY', 'PID', 'UPTIME', 'PORT', 'URL'],
    ['api', 'RUNNING', 'yes', 'N', 'Ns', String(port), `http://localhost:${port}`],
    ['worker', 'RUNNING', 'yes', 'N', 'Ns', '-', '-'],
    ['docs', 'not running', '-', '-', '-', '-', '-'],
  ]);
  expect(normalize(status?.stdout ?? '')).toBe(normalize(ps?.stdout ?? ''));
});

test('every command reports its result as JSON with --json', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles, ready: false }] } });
  const { projectDir } = box;
  const started = {
    name: 'api',
    projectDir,
    outcome: 'running',
    status: 'RUNNING',
    pid: expect.any(Number),
    port: null,
    stopTarget: 'tree',
    url: null,
    runId: expect.stringMatching(/^[\w-]+$/),
    startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    shell: idles,
    root: projectDir,
    ready: true,
    portAccepts: null,
    portCheck: null,
    cursor: expect.stringMatching(/^[\w-]+:0\.\d+$/),
  };
  const [first] = (await box.candleJson(['start'])).services;
  expect(first).toEqual(started);
  const [kept] = (await box.candleJson(['check-start'])).services;
  expect(kept).toEqual({ ...first, outcome: 'kept', cursor: expect.stringContaining(`${first.runId}:0.`) });
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
      ready: true,
      notReadySince: null,
      notReadyReason: null,
      explanation: null,
      undoneReason: null,
      pipeReason: null,
      pid: second.pid,
      port: null,
      portCheck: null,
      url: null,
      browserUrl: null,
      runId: second.runId,
      startedAt: second.startedAt,
      endedAt: null,
      exitCode: null,
      exitSignal: null,
      shell: idles,
      root: projectDir,
      transient: false,
      configChanged: false,
      restarts: 0,
      nextRestartAt: null,
      crashLoopedAt: null,
      refusal: null,
    },
  ]);
  expect((await box.candleJson(['ps'])).services).toEqual(listed);
  expect((await box.candleJson(['logs'])).services).toEqual([
    {
      name: 'api',
      projectDir,
      cursor: expect.stringMatching(new RegExp(`^${second.runId}:`)),
      entries: expect.arrayContaining([
        expect.objectContaining({ kind: 'line', runId: first.runId, text: 'up', at: expect.any(String) }),
        {
          kind: 'ended',
          runId: first.runId,
          at: expect.any(String),
          exitCode: 143,
          exitSignal: 'SIGTERM',
          reason: 'replaced',
        },
        { kind: 'started', runId: second.runId, at: second.startedAt, attempt: 0 },
        expect.objectContaining({ kind: 'line', runId: second.runId, text: 'up' }),
      ]),
    },
  ]);
  expect(await box.candleJson(['kill'])).toEqual({
    services: [
      {
        name: 'api',
        projectDir,
        stopped: true,
        restartCancelled: false,
        jobReset: false,
        recorded: true,
        recordingProblem: null,
        forced: false,
        leftRunning: [],
        stoppedPrograms: [],
        stopCommandProblem: null,
      },
    ],
  });
  expect((await box.candleJson(['kill', 'api'])).services).toMatchObject([{ stopped: false }]);
  expect((await box.candleJson(['list'])).services).toMatchObject([
    { status: 'not running', running: false, pid: null, exitCode: 143, endedAt: expect.any(String) },
  ]);
});

test('run and stop are aliases of start and kill; a second start replaces the first', async () => {
  const box = sandbox({ config: { services: { api: { shell: idles, ready: false } } } });
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
  expect(await box.candle(['stop'])).toEqual({
    stdout: 'No service of this project is running\n',
    stderr: '',
    exitCode: 0,
  });
});

test('list-all, ps-all and kill-all cover every project; --all cannot be combined with names', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles, ready: false }] } });
  const other = join(box.root, 'other');
  mkdirSync(other);
  await box.candle(['start']);
  await box.candle(['start', 'web', '--shell', idles], { cwd: other });

  const lists = await runEach(box, ['list-all'], ['list', '--all'], ['ps-all'], ['ps', '--all']);
  for (const { args, stdout } of lists) {
    expect(stdout, args.join(' ')).toContain(box.projectDir);
    expect(stdout, args.join(' ')).toContain(other);
  }
  const narrower = await runEach(box, ['kill', '--all', 'api'], ['list', '--all', 'api'], ['ps', '--all', 'api']);
  for (const { args, ...answer } of narrower) {
    expect(answer, args.join(' ')).toMatchObject({ stdout: '', exitCode: 1 });
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
