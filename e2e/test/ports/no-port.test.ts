import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { environmentOf } from '../services/environment-of.ts';
import { program } from '../services/programs.ts';

const printsEnv = program('prints-env.mjs');
const worker = { shell: printsEnv, port: null };

const refusal = {
  stdout: '',
  stderr: `Error: Service 'worker' cannot get a port: its configuration sets "port": null\nIf it listens on a port, set "port": "auto" in .candle.json\n`,
  exitCode: 1,
};

test('a service with "port": null gets no port, even if one was reserved for it earlier', async () => {
  const box = sandbox({ config: { services: { worker: { shell: printsEnv } } } });
  await box.candle(['reserve-port', 'worker']);
  box.writeFile(
    '.candle.json',
    JSON.stringify({ services: { worker, web: { shell: printsEnv, port: 'auto', ready: false } } }),
  );
  const { run, env } = await environmentOf(box, 'worker', { PORT: '7' });
  expect(run).toMatchObject({ port: null, url: null, portCheck: null, ready: true });
  expect(env).toMatchObject({ PORT: '7' });
  expect(Object.keys(env).filter((name) => name.startsWith('WORKER_'))).toEqual([]);
  const { services } = await box.candleJson(['list', 'worker']);
  expect(services).toMatchObject([{ port: null, portCheck: null, ready: true }]);
  await box.candle(['kill', 'worker']);
  expect((await box.candleJson(['list', 'worker'])).services).toMatchObject([{ port: null }]);
  const { env: ofWeb } = await environmentOf(box, 'web');
  expect(Object.keys(ofWeb).filter((name) => name.startsWith('WORKER_'))).toEqual([]);
  const { variables } = await box.candleJson(['env', 'worker'], { env: { PORT: '7' } });
  expect(variables).toContainEqual(expect.objectContaining({ name: 'PORT', value: '7', source: 'caller' }));
});

test('its start is confirmed like that of a service with "ready": false', async () => {
  const box = sandbox({ config: { services: { worker } } });
  expect(await box.candle(['start', '--wait'])).toMatchObject({ exitCode: 0 });
  expect((await box.candleJson(['list-reserved-ports'])).ports).toEqual([]);
});

test('a "ready" check still counts', async () => {
  const ready = { log: 'never printed', timeout: '1s' };
  const box = sandbox({ config: { services: { worker: { ...worker, ready } } } });
  expect((await box.candleJson(['start'])).services).toMatchObject([{ ready: false, port: null }]);
});

test('no command reserves or moves a port for it', async () => {
  const box = sandbox({ config: { services: { worker, web: { shell: printsEnv, port: 'auto', ready: false } } } });
  for (const line of [
    ['reserve-port', 'worker'],
    ['get-or-reserve-port', 'worker'],
    ['start', 'worker', '--move'],
  ]) {
    expect([line, await box.candle(line)]).toEqual([line, refusal]);
  }
  expect((await box.candleJson(['reserve-port', 'worker', '--port', '7654'])).error.code).toBe('PORT_NEVER_RESERVED');
  expect(await box.candle(['start', 'worker', 'web', '--move'])).toMatchObject({ exitCode: 0 });
  expect((await box.candleJson(['list-reserved-ports'])).ports).toMatchObject([{ serviceName: 'web' }]);
});
