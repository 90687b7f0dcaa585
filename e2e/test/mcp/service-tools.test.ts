import { createServer } from 'node:http';
import { until } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { executing, program } from '../services/programs.ts';
import { failureOf, serveMcp, textOf } from './mcp-client.ts';

const listens = program('listens.mjs');
const config = { services: [{ name: 'api', shell: listens }] };

async function bodyOf(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}`)).text();
}

const noChanges = { fallbacks: [], moved: [], outdated: [], newCommands: [], configWarnings: [] };

test('StartService, ListServices, RestartService, GetLogs and KillService return the same documents as their commands with --json', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);
  const { port } = await mcp.ask('ReservePort', { serviceName: 'api' });
  const differing = {
    pid: expect.any(Number),
    runId: expect.any(String),
    startedAt: expect.any(String),
    cursor: expect.any(String),
  };

  const started = await mcp.ask('StartService', { name: 'api' });
  expect(started).toEqual({
    services: [
      {
        name: 'api',
        projectDir: box.projectDir,
        outcome: 'running',
        status: 'RUNNING',
        port,
        url: `http://localhost:${port}`,
        shell: listens,
        root: box.projectDir,
        stopTarget: 'tree',
        ready: true,
        portAccepts: true,
        portCheck: { status: 'ok', listensOn: [port], owner: null, fix: null },
        ...differing,
      },
    ],
    ...noChanges,
    newCommands: [{ name: 'api', shell: listens, stopCommand: null, readyCommand: null }],
  });
  expect(await bodyOf(port)).toBe(String(port));
  expect(await mcp.ask('ListServices')).toEqual(await box.candleJson(['list']));

  const restarted = await mcp.ask('RestartService', { name: 'api' });
  expect(restarted.services[0].runId).not.toBe(started.services[0].runId);
  const again = await mcp.ask('RestartService');
  expect(again.services[0].runId).not.toBe(restarted.services[0].runId);
  expect(again).toEqual({
    services: [{ ...(await box.candleJson(['restart'])).services[0], ...differing }],
    ...noChanges,
  });
  expect(executing(box, 'listens.mjs')).toHaveLength(1);

  expect(await mcp.ask('KillService', { name: 'api' })).toEqual({
    services: [
      {
        name: 'api',
        projectDir: box.projectDir,
        stopped: true,
        recorded: true,
        recordingProblem: null,
        forced: false,
        leftRunning: [],
        stoppedPrograms: [],
        stopCommandProblem: null,
        restartCancelled: false,
        jobReset: false,
      },
    ],
  });
  await expect(bodyOf(port)).rejects.toThrow();
  expect(await mcp.ask('KillService', { name: 'api' })).toEqual(await box.candleJson(['kill', 'api']));
  expect(await mcp.ask('RestartService')).toEqual({ services: [], ...noChanges });
  expect(await mcp.ask('ListServices')).toEqual(await box.candleJson(['list']));
  expect(await mcp.ask('ListServices', { showAll: true })).toEqual(await box.candleJson(['list', '--all']));
  expect(await mcp.ask('GetLogs', { name: 'api' })).toEqual(await box.candleJson(['logs', 'api']));
  expect(mcp.log()).toBe(`First start of these commands on this machine:\n  api: ${listens}\n`);
});

test('The error for an unknown service suggests a similar name, and an empty name is an error', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);
  for (const [tool, command] of [
    ['StartService', 'start'],
    ['KillService', 'kill'],
    ['RestartService', 'restart'],
    ['GetLogs', 'logs'],
  ] as const) {
    const unknown = await mcp.call(tool, { name: 'apo' });
    expect(textOf(unknown)).toBe(`Unknown service 'apo' in project ${box.projectDir}\nDid you mean 'api'?`);
    expect(unknown.structuredContent).toEqual(await box.candleJson([command, 'apo']));
    expect(failureOf(await mcp.call(tool, { name: '' })).sentence).toBe('A service name must not be empty');
  }
});

test('The error of a failed start reports how the service ended and its last lines, without escape sequences', async () => {
  const box = sandbox({
    config: { services: [{ name: 'api', shell: `printf '\\033[31mno module\\033[0m\\n'; [[ -e x ]]` }] },
  });
  const mcp = await serveMcp(box);
  const failed = await mcp.call('StartService', { name: 'api' });
  expect(textOf(failed)).toMatchInlineSnapshot(`
    "Service 'api' failed to start: it exited with code 127
    Its last lines:
      no module
      sh: [[: not found
    bash knows '[[', but sh does not
    To run the command with bash: bash -c 'printf '\\''\\033[31mno module\\033[0m\\n'\\''; [[ -e x ]]'
    To see the output of the service: candle logs api"
  `);
  expect(JSON.stringify(failed)).not.toContain('\\u001b');
  const { error } = await box.candleJson(['start', 'api']);
  expect(failed.structuredContent).toEqual({
    error: { ...error, details: { ...error.details, runId: expect.any(String) } },
  });
});

test('GetLogs returns the last lines, at most limit, without escape sequences', async () => {
  const box = sandbox({
    config: {
      services: [{ name: 'job', shell: `printf '\\033[1;32mone\\033[0m\\ntwo\\n\\033]0;title\\007three\\n'` }],
    },
  });
  const mcp = await serveMcp(box);
  expect((await mcp.ask('StartService', { name: 'job' })).services[0].outcome).toBe('finished');
  const lines = async (limit?: number) =>
    (await mcp.ask('GetLogs', { name: 'job', ...(limit === undefined ? {} : { limit }) })).services[0].entries.flatMap(
      (entry: { kind: string; text?: string }) => (entry.kind === 'line' ? entry.text : []),
    );
  expect(await lines()).toEqual(['one', 'two', 'three']);
  expect(await lines(2)).toEqual(['two', 'three']);
  expect(await lines(0)).toEqual([]);
  const log = async (input: object) => (await mcp.ask('GetLogs', { name: 'job', ...input })).services[0];
  expect((await log({ grep: 'tw' })).entries).toMatchObject([{ kind: 'line', text: 'two' }]);
  expect((await log({ since: '1h' })).entries).toHaveLength(4);
  const first = await log({ startAt: (await log({ limit: 0 })).cursor.replace(/:.*/, ':0.0'), limit: 1 });
  expect(first.entries).toMatchObject([{ text: 'one', cursor: first.cursor }]);
  expect((await log({ startAt: first.cursor, limit: 1 })).entries).toMatchObject([{ text: 'two' }]);
  expect(failureOf(await mcp.call('GetLogs', { name: 'job', startAt: 'x' })).sentence).toBe("'x' is not a cursor");
  expect(failureOf(await mcp.call('GetLogs', { name: 'job', limit: -1 })).sentence).toBe(
    "'-1' is not a number of lines",
  );
});

test('With an invalid configuration, a start fails, but services can still be listed and stopped', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('idles.mjs'), ready: false }] } });
  const mcp = await serveMcp(box);
  await mcp.ask('StartService', { name: 'api' });
  box.writeConfig('{ "services": [');
  expect(failureOf(await mcp.call('StartService', { name: 'api' })).code).toBe('CONFIG_INVALID');
  expect((await mcp.ask('ListServices')).services).toMatchObject([{ name: 'api', running: true }]);
  expect((await mcp.ask('KillService', { name: 'api' })).services).toMatchObject([{ stopped: true }]);
});

test('8 concurrent StartService calls on one server and 4 on another all succeed, and exactly one process runs', async () => {
  const box = sandbox({ config });
  const [one, other] = await Promise.all([serveMcp(box), serveMcp(box)]);
  const { port } = await one.ask('ReservePort', { serviceName: 'api' });
  const started = await Promise.all([
    ...Array.from({ length: 8 }, () => one.ask('StartService', { name: 'api' })),
    ...Array.from({ length: 4 }, () => other.ask('StartService', { name: 'api' })),
  ]);
  expect(started.map(({ services }) => services[0].outcome)).toEqual(Array(12).fill('running'));
  expect(executing(box, 'listens.mjs')).toHaveLength(1);
  expect(await bodyOf(port)).toBe(String(port));
});

test('One server starts and stops different services at the same time', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const box = sandbox({
    config: { services: names.map((name) => ({ name, shell: program('idles.mjs'), ready: false })) },
  });
  const mcp = await serveMcp(box);
  await Promise.all(names.map((name) => mcp.ask('StartService', { name })));
  expect(executing(box, 'idles.mjs')).toHaveLength(4);
  await Promise.all([
    ...names.slice(0, 2).map((name) => mcp.ask('KillService', { name })),
    ...names.slice(2).map((name) => mcp.ask('RestartService', { name })),
  ]);
  const { services } = await mcp.ask('ListServices');
  expect(services.map(({ running }: { running: boolean }) => running)).toEqual([false, false, true, true]);
});

test('KillService stops a service that the same server is starting, and the start fails with SERVICE_START_OVERTAKEN', async () => {
  const box = sandbox({ config: { services: [{ name: 'slow', shell: program('idles.mjs'), ready: false }] } });
  const mcp = await serveMcp(box);
  // Nothing listens on this port, so the start waits for several seconds.
  await mcp.ask('ReservePort', { serviceName: 'slow' });
  const start = mcp.call('StartService', { name: 'slow' });
  await until('the start has begun', async () => (await mcp.ask('ListServices')).services[0].status === 'RUNNING');
  expect((await mcp.ask('KillService', { name: 'slow' })).services).toMatchObject([{ stopped: true }]);
  expect(failureOf(await start).code).toBe('SERVICE_START_OVERTAKEN');
  expect(executing(box, 'idles.mjs')).toEqual([]);
});

test('Concurrent starts that fail all report the error', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);
  const { port } = await mcp.ask('ReservePort', { serviceName: 'api' });
  const owner = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void owner.close());

  const failed = await Promise.all(Array.from({ length: 4 }, () => mcp.call('StartService', { name: 'api' })));
  expect(failed.map((result) => failureOf(result).code)).toEqual(Array(4).fill('PORT_IN_USE'));
});

test('Up and Down return the same documents as their commands with --json, also if a service fails', async () => {
  const api = { shell: listens, port: 'auto' };
  const box = sandbox({ config: { services: { api, docs: { shell: listens, port: 'auto', autostart: false } } } });
  const mcp = await serveMcp(box);
  const started = await mcp.ask('Up');
  expect(started).toMatchObject({
    ready: true,
    services: [{ name: 'api', state: 'started', port: 4000 }],
    orphans: [],
  });
  // Only the command searches the files of the project for addresses.
  expect(await mcp.ask('Up')).toEqual(await box.candleJson(['up']));
  expect(await mcp.ask('Up', { names: ['docs'] })).toMatchObject({ services: [{ name: 'docs', state: 'started' }] });

  box.writeConfig({ services: { api, docs: { shell: 'echo broken; exit 3', port: 'auto' } } });
  const failed = await mcp.ask('Up', { timeout: 20 });
  expect(failed).toMatchObject({
    ready: false,
    services: [
      { name: 'api', state: 'kept', pid: started.services[0].pid },
      {
        name: 'docs',
        state: 'failed',
        error: { code: 'SERVICE_START_FAILED', hint: expect.stringContaining('broken') },
      },
    ],
  });

  box.writeConfig({ services: { docs: { shell: listens, port: 'auto' } } });
  expect(await mcp.ask('Up', { removeOrphans: true })).toMatchObject({
    ready: true,
    orphans: [{ name: 'api', pid: started.services[0].pid, stopped: true }],
  });
  expect(textOf(await mcp.call('Up', { move: true }))).toContain('move requires names');
  expect(textOf(await mcp.call('Up', { names: 'docs' }))).toContain('names must be a list of names');
  expect(await mcp.ask('Down', { names: ['docs'] })).toMatchObject({
    services: [{ name: 'docs', stopped: true }],
    reservedPorts: [{ name: 'docs', port: 4001 }],
  });
  expect(await mcp.ask('Down')).toEqual(await box.candleJson(['down']));
  expect(executing(box, 'listens.mjs')).toEqual([]);
});
