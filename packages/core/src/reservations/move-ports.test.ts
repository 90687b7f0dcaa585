import { expect, test } from 'vitest';
import { setCursor, temporaryCandle } from '../../test/temporary-candle.ts';
import type { CandleEvent } from '../events/events.ts';
import type { PortPreference } from '../ports/port-preference.ts';
import { type MovePortsRequest, movePorts } from './move-ports.ts';
import { reservePort } from './reserve-port.ts';

const projectDir = '/project';
const preferred = (port: number): PortPreference => ({ kind: 'preferred', port });
const strict = (port: number): PortPreference => ({ kind: 'strict', port });

/** A store in which these services have these ports reserved. */
async function storeWith(ports: Readonly<Record<string, number>>, busy: readonly number[] = []) {
  const candle = temporaryCandle({ isFree: (port) => !busy.includes(port) });
  for (const [serviceName, port] of Object.entries(ports)) await reservePort(candle, { projectDir, serviceName, port });
  const move = async (services: MovePortsRequest['services'], more: Partial<MovePortsRequest> = {}) => {
    const moves = await movePorts(candle, { projectDir, services, ...more });
    return moves.map(({ from, to }) => [to.serviceName, from?.port, to.port]);
  };
  const reserved = async () =>
    Object.fromEntries((await candle.store.reservations.list()).map(({ serviceName, port }) => [serviceName, port]));
  return { candle, move, reserved };
}

test('takes the next free port in order, never the old one, and moves the cursor', async () => {
  const { candle, move, reserved } = await storeWith({ api: 4000, web: 4001 }, [4002]);
  expect(await move([{ name: 'api' }])).toEqual([['api', 4000, 4003]]);
  setCursor(candle.sqlite, 4003);
  expect(await move([{ name: 'api', port: { kind: 'auto' } }])).toEqual([['api', 4003, 4004]]);
  expect(await reserved()).toEqual({ api: 4004, web: 4001 });
});

test('never assigns a port that another service gives up in the same move', async () => {
  const { candle, move } = await storeWith({ api: 4000, web: 4001 });
  setCursor(candle.sqlite, 4000);
  expect(await move([{ name: 'web' }, { name: 'api' }], { excludedPorts: [4002] })).toEqual([
    ['web', 4001, 4003],
    ['api', 4000, 4004],
  ]);
});

test('moves a service to its preferred port or the next free port after it; the cursor does not move', async () => {
  const { candle, move } = await storeWith({ web: 5173, docs: 4000 });
  expect(await move([{ name: 'web', port: preferred(5173) }])).toEqual([['web', 5173, 5174]]);
  expect(await move([{ name: 'web', port: preferred(5173) }])).toEqual([['web', 5174, 5173]]);
  expect((await reservePort(candle, { projectDir })).reservation.port).toBe(4001);
});

test('moves a service with a strict port to that port only', async () => {
  const { move, reserved } = await storeWith({ web: 4000, docs: 4001 }, [5174]);
  expect(await move([{ name: 'web', port: strict(5173) }])).toEqual([['web', 4000, 5173]]);
  await expect(move([{ name: 'web', port: strict(5173) }])).rejects.toMatchObject({
    code: 'PORT_NOT_MOVABLE',
    message:
      "Service 'web' cannot be moved to another port: its configuration requires port 5173, which it already has",
  });
  await expect(move([{ name: 'docs' }, { name: 'web', port: strict(5174) }])).rejects.toMatchObject({
    code: 'PORT_NOT_AVAILABLE',
  });
  expect(await reserved()).toEqual({ web: 5173, docs: 4001 });
  expect(await move([{ name: 'web', port: strict(5174) }], { soonFree: [5174] })).toEqual([['web', 5173, 5174]]);
});

test('lets two services swap their ports', async () => {
  const { move } = await storeWith({ web: 4000, docs: 4001 });
  const exchanged = [
    { name: 'web', port: strict(4001) },
    { name: 'docs', port: strict(4000) },
  ];
  expect(await move(exchanged)).toEqual([
    ['web', 4000, 4001],
    ['docs', 4001, 4000],
  ]);
});

test('reserves the configured port of a service without a reservation, or rejects a service without a configured port', async () => {
  const { move } = await storeWith({ frontend: 4000 });
  expect(await move([{ name: 'api', port: preferred(5000) }])).toEqual([['api', undefined, 5000]]);
  await expect(move([{ name: 'frontend' }, { name: 'fronted' }])).rejects.toMatchObject({
    code: 'PORT_NOT_RESERVED',
    hint: "Did you mean 'frontend'?",
  });
  await expect(move([{ name: '' }])).rejects.toMatchObject({ code: 'SERVICE_NAME_INVALID' });
});

test('announces a release and a reservation', async () => {
  const { candle } = await storeWith({ web: 4000 });
  const events: CandleEvent[] = [];
  const listening = { ...candle, announce: (event: CandleEvent) => events.push(event) };
  await movePorts(listening, { projectDir, services: [{ name: 'web' }] });
  expect(events).toMatchObject([
    { kind: 'port-released', port: 4000, serviceName: 'web' },
    { kind: 'port-reserved', port: 4001, serviceName: 'web' },
  ]);
});

test('16 concurrent moves of one service result in one reservation', async () => {
  const { move, reserved } = await storeWith({ web: 4000 });
  const moves = await Promise.all(Array.from({ length: 16 }, () => move([{ name: 'web' }])));
  expect(moves.flat().map(([, , to]) => to)).toEqual(Array.from({ length: 16 }, (_, index) => 4001 + index));
  expect(await reserved()).toEqual({ web: 4016 });
});
