import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { executing, program } from './programs.ts';

const idles = program('idles.mjs');

test('stops all services, configured or not, and says how to release the ports, which stay reserved', async () => {
  const box = sandbox({
    config: { services: { api: { shell: program('listens.mjs'), port: 'auto' }, old: { shell: idles } } },
  });
  await box.candle(['reserve-port']);
  await box.candle(['up']);
  await box.candle(['start', 'docs', '--shell', idles]);
  box.writeConfig({ services: { api: { shell: program('listens.mjs'), port: 'auto' } } });
  const down = await box.candle(['down']);
  expect(down.exitCode).toBe(0);
  expect(down.stdout.trimEnd().split('\n').toSorted()).toEqual(
    ['api', 'docs', 'old'].map((name) => `[Stopped process '${name}']`),
  );
  expect(down.stderr).toBe(
    'Ports 4001 (api), 4000 (project-level) stay reserved. To release them: candle release-ports\n',
  );
  expect(box.processes()).toEqual([]);
  expect(await box.candle(['get-reserved-port', 'api'])).toMatchObject({ stdout: '4001\n' });
  expect(await box.candle(['down'])).toMatchObject({ stdout: 'No service of this project is running\n', exitCode: 0 });
});

test('stops only the named services', async () => {
  const listens = { shell: program('listens.mjs'), port: 'auto' };
  const box = sandbox({ config: { services: { api: listens, web: { ...listens, ports: { HMR: 'auto' } } } } });
  await box.candle(['up']);
  const document = await box.candleJson(['down', 'web']);
  expect(document).toMatchObject({
    services: [{ name: 'web', stopped: true, recorded: true }],
    reservedPorts: [
      { name: 'web.HMR', port: 4002 },
      { name: 'web', port: 4001 },
    ],
  });
  expect(executing(box, 'listens.mjs')).toHaveLength(1);
  const again = await box.candle(['down', 'web']);
  expect(again).toMatchObject({ stdout: "Service 'web' is not running\n", exitCode: 0 });
  expect(again.stderr).toBe(
    'Ports 4002 (web.HMR), 4001 (web) stay reserved. To release them: candle release-ports web\n',
  );
  expect((await box.candle(['down', 'api', 'web'])).stderr).toContain(
    '. To release them: candle release-ports api && candle release-ports web\n',
  );
  expect(await box.candle(['down', 'weeb'])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("Did you mean 'web'?"),
  });
});

test('stops dependents first', async () => {
  const noting = (name: string) => ({
    shell: `trap 'echo ${name} >> ../order; exit 0' TERM; echo up; while :; do sleep 0.05; done`,
    ready: { log: 'up' },
  });
  const box = sandbox({ config: { services: { api: noting('api'), web: { ...noting('web'), dependsOn: 'api' } } } });
  await box.candle(['up']);
  await box.candle(['down']);
  expect(readFileSync(join(box.root, 'order'), 'utf8')).toBe('web\napi\n');
});

test('cancels an up that is waiting, so that nothing is left running', async () => {
  const never = { shell: idles, ready: { log: 'never' } };
  const box = sandbox({ config: { services: { api: never, web: { shell: idles, dependsOn: 'api' } } } });
  const up = box.candle(['up', '--json']);
  await until('the service runs', () => executing(box, 'idles.mjs').length > 0);
  expect(await box.candle(['down'])).toMatchObject({ stdout: "[Stopped process 'api']\n", exitCode: 0 });
  expect((await up).exitCode).toBe(1);
  expect(box.processes()).toEqual([]);
  expect((await box.candleJson(['list'])).services).toMatchObject([{ running: false }, { running: false }]);
});
