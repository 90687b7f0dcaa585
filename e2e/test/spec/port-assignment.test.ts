import { expect, test } from 'vitest';
import { freePorts, isFree, listen } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { fillStore, moveCursor, portsFrom } from '../store.ts';

const config = { services: [] };

test('Ports are assigned starting from 4000 and incrementing up to 65535 (with wraparound).', async () => {
  const box = sandbox({ config });
  const [first, second, third, fourth] = await freePorts(4);
  const reserveTwo = async () => [
    (await box.candleJson(['reserve-port'])).port,
    (await box.candleJson(['reserve-port'])).port,
  ];
  expect(await reserveTwo()).toEqual([first, second]);
  await moveCursor(box, 65535);
  expect(await reserveTwo()).toEqual((await isFree(65535)) ? [65535, third] : [third, fourth]);
});

test('Checks the database to ensure the port is not already reserved', async () => {
  const box = sandbox({ config });
  const [first, second, third] = await freePorts(3);
  await fillStore(box, [first ?? 0, second ?? 0]);
  expect((await box.candleJson(['reserve-port', 'api'])).port).toBe(third);
});

test('Tests if the port is actually available on the system by attempting to bind to it', async () => {
  const box = sandbox({ config });
  const [first, second] = await freePorts(2);
  await listen({ port: first, host: '127.0.0.1' });
  expect((await box.candleJson(['reserve-port', 'api'])).port).toBe(second);
});

test('Handles race conditions if multiple processes try to reserve ports simultaneously', async () => {
  const box = sandbox({ config });
  const names = Array.from({ length: 12 }, (_, index) => `service-${index}`);
  const expected = await freePorts(names.length);
  const answers = await Promise.all(names.map((name) => box.candleJson(['reserve-port', name])));
  expect(answers.map(({ port }) => port).sort()).toEqual(expected);
});

test('If all ports in the range (4000-65535) are exhausted, the command will fail with an error.', async () => {
  const box = sandbox({ config });
  await fillStore(box, portsFrom(4000, 65535));
  expect(await box.candle(['reserve-port', 'api'])).toEqual({
    stdout: '',
    stderr:
      'Error: No available ports in the range 4000-65535: 61536 reserved, 0 in use by other programs\n' +
      'To list the reserved ports: candle list-reserved-ports --all\n',
    exitCode: 1,
  });
});
