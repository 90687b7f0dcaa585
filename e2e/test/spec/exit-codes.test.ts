import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { fillStore, portsFrom } from '../store.ts';

const config = { services: [] };

test('`0` - Port reserved successfully', async () => {
  const box = sandbox({ config });
  expect((await box.candle(['reserve-port', 'api'])).exitCode).toBe(0);
  expect((await box.candle(['reserve-port'])).exitCode).toBe(0);
});

test('`1` - Error (service already has a port, no available ports, etc.)', async () => {
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  expect((await box.candle(['reserve-port', 'api'])).exitCode).toBe(1);
  expect((await box.candle(['reserve-port', ''])).exitCode).toBe(1);
  await fillStore(box, portsFrom(4000, 65535, [port]));
  expect((await box.candle(['reserve-port', 'web'])).exitCode).toBe(1);
});

test("If the service already has a reserved port: Error: Service 'api' already has a reserved port: 4000", async () => {
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  const { stdout, stderr } = await box.candle(['reserve-port', 'api']);
  expect(stdout).toBe('');
  expect(stderr.split('\n', 1)).toEqual([`Error: Service 'api' already has a reserved port: ${port}`]);
});
