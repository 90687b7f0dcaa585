import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { linkPlugin } from './linked-plugin.ts';

const listens = `node --eval "require('node:http').createServer().listen(process.env.PORT)"`;

/** A project with a plugin whose command calls the host. */
async function linkAskingPlugin() {
  const box = sandbox({
    config: {
      services: [
        { name: 'api', shell: listens },
        { name: 'web', shell: `echo on the web; ${listens}` },
      ],
    },
  });
  await linkPlugin(box, 'plugin-asks');
  const ask = (question: string, request: object = {}) => box.candleJson(['ask', question, JSON.stringify(request)]);
  return { box, ask };
}

async function ports(box: Sandbox) {
  return (await box.candleJson(['list-reserved-ports'])).ports;
}

test('host.reservations returns the same documents as the commands with --json', async () => {
  const { box, ask } = await linkAskingPlugin();
  const { projectDir } = box;

  const api = await ask('reservations.reservePort', { serviceName: 'api' });
  expect(api).toEqual({ port: expect.any(Number), serviceName: 'api', projectDir });
  expect(await box.candleJson(['get-reserved-port', 'api'])).toEqual(api);
  expect(await ask('reservations.getReservedPort', { serviceName: 'api' })).toEqual(api);

  const web = await ask('reservations.getOrReservePort', { serviceName: 'web' });
  expect(web).toMatchObject({ serviceName: 'web', wasReserved: true });
  expect(await box.candleJson(['get-or-reserve-port', 'web'])).toEqual({ ...web, wasReserved: false });
  expect(await ask('reservations.getOrReservePort', { serviceName: 'web' })).toEqual({ ...web, wasReserved: false });

  expect(await ask('reservations.listReservedPorts')).toEqual({ ports: await ports(box) });
  expect(await ask('reservations.releasePorts', { port: web.port })).toEqual({
    releasedCount: 1,
    releasedPort: web.port,
    serviceName: 'web',
    projectDir,
  });
  expect(await ask('reservations.releasePorts')).toEqual({ releasedCount: 1, projectDir });
  expect(await ports(box)).toEqual([]);
});

test('host.services returns the same documents as the commands with --json', async () => {
  const { box, ask } = await linkAskingPlugin();
  for (const name of ['api', 'web']) await box.candle(['reserve-port', name]);

  const { services } = await ask('services.start', { names: ['api'], waitMs: 10_000 });
  expect(services).toMatchObject([{ name: 'api', outcome: 'running', ready: true, portAccepts: true }]);
  expect((await box.candleJson(['check-start', 'api'])).services).toEqual(
    (await ask('services.checkStart', { names: ['api'] })).services,
  );
  expect((await ask('services.checkStart', { waitMs: 10_000 })).services).toMatchObject([
    { name: 'api', outcome: 'kept' },
    { name: 'web', outcome: 'running' },
  ]);
  expect(await ask('services.waitForReady', { name: 'web' })).toEqual(await box.candleJson(['wait-for-ready', 'web']));
  expect(await ask('services.list')).toEqual(await box.candleJson(['list']));
  expect(await ask('services.listPorts')).toEqual(await box.candleJson(['list-ports']));
  expect(await ask('services.logs', { names: ['web'], count: 5 })).toEqual(
    await box.candleJson(['logs', 'web', '-n', '5']),
  );
  expect((await ask('services.logs', { grep: 'on the' })).services[1].entries).toMatchObject([{ text: 'on the web' }]);

  const before = (await ask('services.list', { names: ['api'] })).services[0].runId;
  expect((await ask('services.restart', { names: ['api'] })).services[0].runId).not.toBe(before);
  expect((await ask('services.kill', { names: ['api', 'web'] })).services).toMatchObject([
    { name: 'api', stopped: true },
    { name: 'web', stopped: true },
  ]);
  expect((await ask('services.list')).services.map(({ status }: { status: string }) => status)).toEqual([
    'not running',
    'not running',
  ]);
});

test('an error of the host is reported like an error of Candle, and a plugin can check its code', async () => {
  const { box } = await linkAskingPlugin();
  const line = ['ask', 'reservations.getReservedPort', '{"serviceName": "ghost"}'];
  const own = await box.candle(['get-reserved-port', 'ghost']);
  expect(await box.candle(line)).toEqual({ ...own, stderr: `caught PORT_NOT_RESERVED\n${own.stderr}` });
  expect(await box.candleJson(line)).toEqual(await box.candleJson(['get-reserved-port', 'ghost']));
  expect(await box.candleJson(['ask', 'services.start', '{"names": ["ghost"]}'])).toMatchObject({
    error: { code: 'SERVICE_UNKNOWN' },
  });
});
