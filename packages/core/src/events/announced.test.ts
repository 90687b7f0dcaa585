import { expect, test } from 'vitest';
import { temporaryCandle } from '../../test/temporary-candle.ts';
import { getOrReservePort } from '../reservations/get-or-reserve-port.ts';
import { releasePorts } from '../reservations/release-ports.ts';
import { reservePort } from '../reservations/reserve-port.ts';
import type { CandleEvent } from './events.ts';

const projectDir = '/shop';

function listeningCandle() {
  const heard: CandleEvent[] = [];
  let nowMs = 0;
  const opened = temporaryCandle({ nowMs: () => ++nowMs });
  return { candle: { ...opened, announce: (event: CandleEvent) => void heard.push(event) }, heard };
}

test('announces a new reservation but not an existing one', async () => {
  const { candle, heard } = listeningCandle();
  await getOrReservePort(candle, { projectDir, serviceName: 'api' });
  await getOrReservePort(candle, { projectDir, serviceName: 'api' });
  await expect(reservePort(candle, { projectDir, serviceName: 'api' })).rejects.toThrow('already');
  await reservePort(candle, { projectDir });
  expect(heard).toEqual([
    { kind: 'port-reserved', atMs: 1, projectDir, serviceName: 'api', port: 4000 },
    { kind: 'port-reserved', atMs: 2, projectDir, serviceName: null, port: 4001 },
  ]);
});

test('announces each released port', async () => {
  const { candle, heard } = listeningCandle();
  for (const serviceName of ['api', 'web']) await reservePort(candle, { projectDir, serviceName });
  heard.length = 0;
  await releasePorts(candle, { projectDir });
  await releasePorts(candle, { projectDir });
  expect(heard).toEqual([
    { kind: 'port-released', atMs: 3, projectDir, serviceName: 'api', port: 4000 },
    { kind: 'port-released', atMs: 3, projectDir, serviceName: 'web', port: 4001 },
  ]);
});
