import { until } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { freePort, listen } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { environmentOf } from '../services/environment-of.ts';
import { program } from '../services/programs.ts';

const printsEnv = program('prints-env.mjs');
const idles = { shell: 'exec sleep 1000', ready: false };

/** The reserved ports of the project, by the names of their reservations. */
async function portsIn(box: ReturnType<typeof sandbox>): Promise<Readonly<Record<string, number>>> {
  const { ports } = await box.candleJson(['list-reserved-ports']);
  return Object.fromEntries(ports.map((one: { serviceName: string; port: number }) => [one.serviceName, one.port]));
}

test('each further port is reserved, and the service and the others get it in different variables', async () => {
  const debug = await freePort(9200);
  const ports = { HMR_PORT: 'auto', DEBUG_PORT: debug };
  const box = sandbox({
    config: {
      services: {
        web: { shell: printsEnv, port: 'auto', ports, ready: false },
        api: {
          shell: `echo \${services.web.ports.HMR_PORT}; ${printsEnv}`,
          port: null,
          env: { HMR: '${services.web.ports.HMR_PORT}' },
        },
      },
    },
  });
  const { env } = await environmentOf(box, 'web');
  const reserved = await portsIn(box);
  expect(Object.keys(reserved).toSorted()).toEqual(['web', 'web.DEBUG_PORT', 'web.HMR_PORT']);
  expect(reserved['web.DEBUG_PORT']).toBe(debug);
  const hmr = String(reserved['web.HMR_PORT']);
  const forOthers = { WEB_PORT: String(reserved.web), WEB_HMR_PORT: hmr, WEB_DEBUG_PORT: String(debug) };
  expect(env).toMatchObject({ ...forOthers, PORT: String(reserved.web), HMR_PORT: hmr, DEBUG_PORT: String(debug) });

  const { env: ofApi, run } = await environmentOf(box, 'api');
  expect(ofApi).toMatchObject({ ...forOthers, HMR: hmr });
  expect(ofApi).not.toHaveProperty('HMR_PORT');
  expect(run.shell).toContain(`echo ${hmr};`);

  const explained = await box.candle(['env', 'web', '--explain']);
  expect(explained.stdout).toMatch(new RegExp(`^reserved port +HMR_PORT=${hmr}$`, 'm'));
  expect(explained.stdout).toMatch(new RegExp(`^port of 'web.HMR_PORT' +WEB_HMR_PORT=${hmr}$`, 'm'));
  const executed = await box.candle(['exec', 'web', '--', 'sh', '-c', 'echo $HMR_PORT $WEB_HMR_PORT']);
  expect(executed).toMatchObject({ stdout: `${hmr} ${hmr}\n`, exitCode: 0 });
});

test('a service that listens only on a further port does not listen yet, instead of on a wrong port', async () => {
  const serves = `exec node -e "require('node:net').createServer().listen(process.env.HMR_PORT)"`;
  const box = sandbox({ config: { services: { web: { shell: serves, port: 'auto', ports: { HMR_PORT: 'auto' } } } } });
  const { services } = await box.candleJson(['start']);
  expect(services).toMatchObject([{ ready: false, portCheck: { status: 'not-listening', listensOn: [] } }]);
});

test('nothing has to listen there, and a listener of the service is not a conflict', async () => {
  const serves = `exec node -e "for (const name of ['PORT', 'HMR_PORT']) require('node:net').createServer().listen(process.env[name])"`;
  const ports = { HMR_PORT: 'auto', DEBUG_PORT: 'auto' };
  const box = sandbox({ config: { services: { web: { shell: serves, port: 'auto', ports } } } });
  expect(await box.candle(['start', '--wait'])).toMatchObject({ exitCode: 0 });
  const reserved = await portsIn(box);
  const listening = async () => (await box.candleJson(['list-ports'])).ports;
  await until('it listens on both ports', async () => (await listening()).length === 2);
  expect(await listening()).toMatchObject([
    { port: reserved.web, reserved: true },
    { port: reserved['web.HMR_PORT'], reserved: true },
  ]);
  expect((await box.candleJson(['list'])).services).toMatchObject([{ portCheck: { status: 'ok' }, ready: true }]);
  for (const { conflicts } of (await box.candleJson(['list-reserved-ports'])).ports) expect(conflicts).toEqual([]);
  expect(await box.candleJson(['who-has', String(reserved['web.HMR_PORT'])])).toMatchObject({
    owners: [{ service: { name: 'web' } }],
    reservation: { serviceName: 'web.HMR_PORT', status: 'RUNNING' },
    advice: [{ command: expect.stringMatching(/^candle kill web /) }],
  });
});

describe('if another process listens on a further port', () => {
  test('the start fails, and --move takes other ports for the service', async () => {
    const box = sandbox({ config: { services: { web: { ...idles, port: 'auto', ports: { HMR_PORT: 'auto' } } } } });
    await box.candle(['env']);
    const before = await portsIn(box);
    const taken = before['web.HMR_PORT'];
    await listen({ port: taken });
    const { error } = await box.candleJson(['start', 'web']);
    expect(error).toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringMatching(
        new RegExp(`^Port ${taken}, reserved for HMR_PORT of service 'web', is in use by `),
      ),
      hint: expect.stringContaining("To take another port for 'web': candle start web --move"),
    });
    expect((await box.candleJson(['list-reserved-ports'])).ports).toContainEqual(
      expect.objectContaining({ serviceName: 'web.HMR_PORT', conflicts: [expect.anything()] }),
    );
    const { moved } = await box.candleJson(['start', 'web', '--move']);
    const after = await portsIn(box);
    expect(moved).toEqual(['web', 'web.HMR_PORT'].map((name) => ({ name, from: before[name], to: after[name] })));
    for (const name of ['web', 'web.HMR_PORT']) expect(after[name]).not.toBe(before[name]);
  });

  test('a running service keeps its own listener, and a restart works', async () => {
    const serves = `exec node -e "require('node:net').createServer().listen(process.env.HMR_PORT)"`;
    const box = sandbox({ config: { services: { web: { shell: serves, port: null, ports: { HMR_PORT: 'auto' } } } } });
    for (const line of [['start', 'web'], ['restart', 'web'], ['start', 'web'], ['check-start']])
      expect([line, await box.candle(line)]).toEqual([line, expect.objectContaining({ exitCode: 0 })]);
    expect(await portsIn(box)).toEqual({ 'web.HMR_PORT': expect.any(Number) });
  });

  test('the service is not restarted by its policy', async () => {
    const restart = { policy: 'always', delay: '300ms' };
    const shell = 'echo "started with $HMR_PORT"; until [ -e stop ]; do sleep 0.05; done';
    const services = { web: { ...idles, shell, port: null, ports: { HMR_PORT: 'auto' }, restart } };
    const box = sandbox({ config: { services } });
    await box.candle(['start', 'web']);
    const reserved = await portsIn(box);
    await listen({ port: reserved['web.HMR_PORT'] });
    box.writeFile('stop', '');
    const restarts = async () => (await box.candleJson(['list', 'web'])).services[0];
    await until('several restarts were tried', async () => (await restarts()).restarts > 1);
    const { stdout } = await box.candle(['logs', 'web']);
    expect(stdout.match(/started with/g)).toHaveLength(1);
    await box.candle(['kill', 'web']);
  });
});

test('--move leaves a strict port that it cannot move, and moves the further ports', async () => {
  const strict = await freePort(7300);
  const web = { ...idles, port: strict, strictPort: true, ports: { HMR_PORT: 'auto' } };
  const box = sandbox({ config: { services: { web, api: { ...idles, ports: { DEBUG_PORT: 'auto' } } } } });
  await box.candle(['env']);
  const before = await portsIn(box);
  expect(await box.candle(['start', 'web', 'api', '--move'])).toMatchObject({ exitCode: 0 });
  const after = await portsIn(box);
  expect(Object.keys(after).toSorted()).toEqual(['api.DEBUG_PORT', 'web', 'web.HMR_PORT']);
  expect(after.web).toBe(strict);
  for (const name of ['web.HMR_PORT', 'api.DEBUG_PORT']) expect(after[name]).not.toBe(before[name]);
});

test('release-ports releases all ports of a service, or one by its name', async () => {
  const web = { ...idles, port: 'auto', ports: { HMR_PORT: 'auto', DEBUG_PORT: 'auto' } };
  const box = sandbox({ config: { services: { web, 'web.api': { ...idles, port: 'auto' } } } });
  await box.candle(['env']);
  const before = await portsIn(box);
  expect(await box.candle(['release-ports', 'web.HMR_PORT'])).toMatchObject({
    stdout: `Released port ${before['web.HMR_PORT']} for service 'web.HMR_PORT'\n`,
    exitCode: 0,
  });
  expect(Object.keys(await portsIn(box)).toSorted()).toEqual(['web', 'web.DEBUG_PORT', 'web.api']);
  expect(await box.candleJson(['release-ports', 'web'])).toMatchObject({
    ...{ releasedCount: 2, releasedPort: before.web, serviceName: 'web' },
  });
  // A service that looks like a further port is not one.
  expect(Object.keys(await portsIn(box))).toEqual(['web.api']);
  expect((await box.candleJson(['release-ports', 'web'])).error.code).toBe('PORT_NOT_RESERVED');
});

test('a further port can be reserved by name, and the next start keeps it', async () => {
  const preferred = await freePort(9300);
  const box = sandbox({ config: { services: { web: { ...idles, port: 'auto', ports: { DEBUG_PORT: preferred } } } } });
  expect(await box.candleJson(['reserve-port', 'web.DEBUG_PORT'])).toMatchObject({ port: preferred });
  expect(await box.candle(['get-reserved-port', 'web.DEBUG_PORT'])).toMatchObject({ stdout: `${preferred}\n` });
  await box.candle(['start', 'web']);
  expect(await portsIn(box)).toMatchObject({ 'web.DEBUG_PORT': preferred });
});

test('a changed set of further ports counts as a changed configuration', async () => {
  const web = { ...idles, port: 'auto' };
  const box = sandbox({ config: { services: { web } } });
  await box.candle(['start']);
  const isChanged = async () => (await box.candleJson(['list', 'web'])).services[0].configChanged;
  expect(await isChanged()).toBe(false);
  box.writeFile('.candle.json', JSON.stringify({ services: { web: { ...web, ports: { HMR_PORT: 'auto' } } } }));
  expect(await isChanged()).toBe(true);
});

test('a service with the name of a further port is a configuration error', async () => {
  const services = { web: { ...idles, ports: { HMR_PORT: 'auto' } }, 'web.HMR_PORT': idles };
  const box = sandbox({ config: { services } });
  expect(await box.candle(['start'])).toMatchObject({
    stderr: expect.stringContaining(
      "'web.HMR_PORT' is already the name of services['web.HMR_PORT']: rename one of them",
    ),
    exitCode: 1,
  });
});
