import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { freePort, freePorts, isFree, listen } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { fillStore, moveCursor, portsFrom } from '../store.ts';

const config = { services: [] };

/** The ports that this system uses for outgoing connections. */
function ephemeralRange(): readonly [number, number] {
  const [first = 49152, last = 65535] =
    process.platform === 'linux'
      ? readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number)
      : [];
  return [first, last];
}

test('the port after 4044 is 4046, because browsers refuse to open 4045', async () => {
  const box = sandbox({ config });
  await moveCursor(box, 4044);
  const expected = await freePorts(2, 4044);
  expect(expected).not.toContain(4045);
  const assigned = [await box.candleJson(['reserve-port']), await box.candleJson(['reserve-port'])];
  expect(assigned.map(({ port }) => port)).toEqual(expected);
});

test('the search continues after the last assigned port, even after a release', async () => {
  const box = sandbox({ config });
  const expected = await freePorts(3);
  await box.candle(['reserve-port', 'api']);
  await box.candle(['reserve-port', 'web']);
  await box.candle(['release-ports']);
  expect((await box.candleJson(['reserve-port', 'api'])).port).toBe(expected[2]);
});

test('an ephemeral port is not assigned while other ports are available', async () => {
  const box = sandbox({ config });
  const [first, last] = ephemeralRange();
  await moveCursor(box, first);
  const expected = last < 65535 ? await freePort(last + 1) : await freePort(4000);
  expect((await box.candleJson(['reserve-port'])).port).toBe(expected);
});

test('blocked and ephemeral ports are assigned when no other port is available', async () => {
  const box = sandbox({ config });
  const ephemeral = await freePort(ephemeralRange()[0]);
  const last = (await isFree(4045)) ? [4045, ephemeral] : [ephemeral];
  await fillStore(box, portsFrom(4000, 65535, last));
  await moveCursor(box, 4000);
  for (const port of last) expect((await box.candleJson(['reserve-port'])).port).toBe(port);
  expect((await box.candle(['reserve-port'])).exitCode).toBe(1);
});

test('if no port is available, the error reports how many are reserved and how many are in use by other programs', async () => {
  const box = sandbox({ config });
  const inUse = await freePorts(3);
  for (const port of inUse) await listen({ port, host: '127.0.0.1' });
  await fillStore(box, portsFrom(4000, 65535, inUse));
  const sentence = 'No available ports in the range 4000-65535: 61533 reserved, 3 in use by other programs';
  const hint = 'To list the reserved ports: candle list-reserved-ports --all';
  for (const command of [['reserve-port'], ['reserve-port', 'api'], ['get-or-reserve-port', 'api']]) {
    expect(await box.candle(command)).toEqual({ stdout: '', stderr: `Error: ${sentence}\n${hint}\n`, exitCode: 1 });
  }
  expect(await box.candleJson(['reserve-port', 'api'])).toEqual({
    error: { code: 'PORT_RANGE_EXHAUSTED', message: sentence, hint, details: { reserved: 61533, inUse: 3 } },
  });
});

test('after all ports have been reserved, a released port is assigned', async () => {
  const box = sandbox({ config });
  await fillStore(box, portsFrom(4000, 65535));
  const port = await freePort();
  expect((await box.candle(['reserve-port'])).exitCode).toBe(1);
  await box.candle(['release-ports', '--port', String(port), '--project', '/elsewhere']);
  expect((await box.candleJson(['reserve-port'])).port).toBe(port);
});
