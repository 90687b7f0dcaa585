import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { openCandle } from '@candle/core/candle';
import { candle } from '@candle/core/errors';
import { reservePort } from '@candle/core/reservations';
import { expect, onTestFinished, test } from 'vitest';
import { findPortOwners } from '../../src/ports/find-port-owners.ts';
import { listReservedPorts } from '../../src/ports/list-reserved-ports.ts';
import { whoHas } from '../../src/ports/who-has.ts';
import { kill } from '../../src/services/kill.ts';
import { start } from '../../src/services/start.ts';
import { type Supervision, superviseWith } from '../../src/supervision.ts';
import { freePort } from '../stop/launched-run.ts';

const onLinux = test.skipIf(process.platform !== 'linux');

/** A separate database, and directories in a temporary root that is removed after the test. */
async function openWorld(): Promise<{ supervision: Supervision; directory: (name: string) => string }> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'candle-ports-')));
  const candle = openCandle(join(root, 'state'));
  const supervision = await superviseWith(candle, { callerEnv: { PATH: process.env.PATH, HOME: root } });
  onTestFinished(async () => {
    await kill(supervision, { names: [] });
    candle.store.close();
    rmSync(root, { recursive: true, force: true });
  });
  const directory = (name: string) => {
    mkdirSync(join(root, name));
    return join(root, name);
  };
  return { supervision, directory };
}

const listens = `
const [host, count] = process.argv.slice(1);
const servers = Array.from({ length: Number(count) }, () => require('node:net').createServer());
let left = servers.length;
const said = () => --left === 0 && console.log(servers.map((server) => server.address().port).join(' '));
for (const server of servers) server.listen(0, host, said);`;

/** A process that does not belong to a service and listens on `count` ports. */
async function foreign(host: string, count: number, cwd: string) {
  const child = spawn(process.execPath, ['-e', listens, host, String(count)], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return { host, cwd, pid: child.pid ?? 0, ports: String(line).split(' ').map(Number) };
}

onLinux(
  'each of 200 listeners of both address families, five of them services of a project, is found with its own process',
  async () => {
    const { supervision, directory } = await openWorld();
    const projectDir = directory('blog');
    const fixture = new URL('../fixtures/listens.mjs', import.meta.url).pathname;
    const services = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
      name,
      shell: `exec '${process.execPath}' '${fixture}' "$PORT"`,
    }));
    writeFileSync(join(projectDir, '.candle.json'), JSON.stringify({ services }));
    const others = await Promise.all(
      ['127.0.0.1', '::1', '0.0.0.0', '::'].map((host, index) =>
        foreign(host, index === 0 ? 48 : 49, directory(`other-${index}`)),
      ),
    );
    // The port of a service may be free in its own address family only, and the other program would count as a conflict.
    const taken = others.flatMap((other) => other.ports);
    for (const { name } of services) {
      let port = await freePort();
      while (taken.includes(port)) port = await freePort();
      await reservePort(supervision, { projectDir, serviceName: name, port });
    }
    const { done, failed } = await start(supervision, { projectDir, names: [], waitMs: 30_000 });
    expect(failed).toEqual([]);
    const own = done.flatMap(({ run }) => run.port ?? []);
    const ports = [...own, ...taken];
    // Another program may listen on the same port number in the other address family.
    const isOfTest = ({ cwd }: { cwd: string | null }) => cwd?.startsWith(dirname(projectDir));
    const found = (await findPortOwners(supervision, ports)).filter(isOfTest);
    expect(found).toHaveLength(200);
    // The system may assign the same port number in both families.
    const ownerOf = (port: number, host: string) =>
      found.find((owner) => owner.port === port && owner.addresses.includes(host));
    for (const { host, cwd, pid, ports } of others) {
      for (const port of ports)
        expect(ownerOf(port, host)).toMatchObject({ pid, cwd, addresses: [host], service: null });
    }
    for (const { run } of done) {
      const service = { name: run.serviceName, projectDir, runId: run.id };
      expect(ownerOf(run.port ?? 0, '127.0.0.1')).toMatchObject({ service });
      expect(await whoHas(supervision, { port: run.port ?? 0, projectDir })).toMatchObject({
        owners: [{ service }],
        reservation: { serviceName: run.serviceName, status: 'RUNNING' },
        advice: [{ command: candle('kill', run.serviceName) }],
      });
    }
    expect((await listReservedPorts(supervision, {})).flatMap(({ conflicts }) => conflicts)).toEqual([]);
  },
);

onLinux('a process that ends while it is being inspected is omitted', async () => {
  const { supervision, directory } = await openWorld();
  const { pid, ports } = await foreign('127.0.0.1', 1, directory('other'));
  expect(await findPortOwners(supervision, ports)).toMatchObject([{ pid }]);
  const { processes } = supervision;
  const vanishes = {
    ...processes,
    describe: (asked: number) => (asked === pid ? undefined : processes.describe(asked)),
  };
  expect(await findPortOwners({ ...supervision, processes: vanishes }, ports)).toEqual([]);
});
