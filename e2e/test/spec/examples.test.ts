import { expect, test } from 'vitest';
import { freePorts } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';

const config = { services: [] };

test("candle reserve-port api: Reserved port 4000 for service 'api'", async () => {
  const box = sandbox({ config });
  const [first] = await freePorts(1);
  expect(await box.candle(['reserve-port', 'api'])).toEqual({
    stdout: `Reserved port ${first} for service 'api'\n`,
    stderr: '',
    exitCode: 0,
  });
});

test('candle reserve-port: Reserved port 4001 for project', async () => {
  const box = sandbox({ config });
  const [, second] = await freePorts(2);
  await box.candle(['reserve-port', 'api']);
  expect(await box.candle(['reserve-port'])).toEqual({
    stdout: `Reserved port ${second} for project\n`,
    stderr: '',
    exitCode: 0,
  });
});
