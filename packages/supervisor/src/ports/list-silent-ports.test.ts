import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { PortEntry } from '@candle/core/ports';
import type { Reservation } from '@candle/core/reservations';
import { expect, onTestFinished, test } from 'vitest';
import { openProcessTable } from '../supervision.ts';
import { listSilentPorts } from './list-silent-ports.ts';

/** A port on which a server of this test listens. */
async function listen(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const entry = (name: string): PortEntry => ({ name, port: { kind: 'auto' }, portEnv: [] });
const reserved = (serviceName: string, port: number): Reservation => ({
  ...{ serviceName, port, projectDir: '/home/ada/shop', reservedAtMs: 0 },
});

test('lists the reserved ports of other programs on which nothing listens, in the order of the configuration', async () => {
  const supervision = { processes: await openProcessTable() };
  const entries = ['mail', 'db', 'cache', 'queue'].map(entry);
  const reservations = [reserved('cache', 1), reserved('db', await listen()), reserved('mail', 2), reserved('web', 3)];
  expect(await listSilentPorts(supervision, entries, reservations)).toEqual([
    { name: 'mail', port: 2 },
    { name: 'cache', port: 1 },
  ]);
  expect(await listSilentPorts(supervision, [], reservations)).toEqual([]);
});
