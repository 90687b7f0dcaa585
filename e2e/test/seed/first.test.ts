import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';

test('Reserve a port for a service', async () => {
  const { candle } = sandbox({ config: { services: [] } });
  expect(await candle(['reserve-port', 'api'])).toEqual({
    stdout: "Reserved port 4000 for service 'api'\n",
    stderr: '',
    exitCode: 0,
  });
});
