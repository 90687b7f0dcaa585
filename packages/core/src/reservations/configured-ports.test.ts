import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryCandle, temporaryDirectory } from '../../test/temporary-candle.ts';
import { getOrReservePort } from './get-or-reserve-port.ts';
import { reservePort } from './reserve-port.ts';

/** Creates a project with this text as its configuration. */
function projectWith(text: string): string {
  const projectDir = temporaryDirectory();
  writeFileSync(join(projectDir, '.candle.json'), text);
  return projectDir;
}

const config = `{ "excludePorts": [4000, 5000], "services": {
  "web": { "shell": "x", "port": 5173 },
  "api": { "shell": "x", "port": 6000, "strictPort": true },
  "db": { "shell": "x", "port": "auto" }
} }`;

test('a reservation follows the port setting of its service, and never uses an excluded port', async () => {
  const candle = temporaryCandle({ isFree: (port) => port !== 5173 });
  const projectDir = projectWith(config);
  const web = await reservePort(candle, { projectDir, serviceName: 'web' });
  expect(web).toMatchObject({ reservation: { port: 5174 }, fallback: { port: 5173, by: 'listener' } });
  const portOf = async (serviceName?: string) =>
    (await reservePort(candle, { projectDir, serviceName })).reservation.port;
  expect(await portOf('db')).toBe(4001);
  expect(await portOf()).toBe(4002);
  expect((await getOrReservePort(candle, { projectDir, serviceName: 'api' })).reservation.port).toBe(6000);
  await expect(reservePort(candle, { projectDir, serviceName: 'x', port: 5000 })).rejects.toMatchObject({
    code: 'PORT_NOT_AVAILABLE',
    details: { by: 'excluded' },
  });
});

test('an explicit port takes precedence over the configured port', async () => {
  const candle = temporaryCandle();
  const claim = await reservePort(candle, { projectDir: projectWith(config), serviceName: 'api', port: 7000 });
  expect(claim.reservation.port).toBe(7000);
});

test('a configuration that cannot be read is ignored', async () => {
  const candle = temporaryCandle();
  const projectDir = projectWith('{ "excludePorts": [4000], ');
  expect((await reservePort(candle, { projectDir, serviceName: 'web' })).reservation.port).toBe(4000);
});

test.each([
  [0, 'PORT_INVALID'],
  [-1, 'PORT_INVALID'],
  [65536, 'PORT_INVALID'],
  [5173.5, 'PORT_INVALID'],
  [Number.NaN, 'PORT_INVALID'],
  [80, 'PORT_PRIVILEGED'],
  [1023, 'PORT_PRIVILEGED'],
])('%d is rejected, and nothing is reserved', async (port, code) => {
  const candle = temporaryCandle();
  await expect(reservePort(candle, { projectDir: '/project', serviceName: 'api', port })).rejects.toMatchObject({
    code,
  });
  expect(await candle.store.reservations.list()).toEqual([]);
});
