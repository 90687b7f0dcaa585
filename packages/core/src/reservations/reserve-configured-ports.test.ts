import { expect, test } from 'vitest';
import { setCursor, temporaryCandle } from '../../test/temporary-candle.ts';
import type { Candle } from '../candle.ts';
import type { CandleEvent } from '../events/events.ts';
import type { PortPreference, RequestedPort } from '../ports/port-preference.ts';
import type { Reservation } from './reservation.ts';
import { type ConfiguredPortsRequest, reserveConfiguredPorts } from './reserve-configured-ports.ts';
import { reservePort } from './reserve-port.ts';

const projectDir = '/project';
const auto: PortPreference = { kind: 'auto' };
const preferred = (port: number): PortPreference => ({ kind: 'preferred', port });
const strict = (port: number): PortPreference => ({ kind: 'strict', port });

/** The own port of a service. */
const own = (name: string, port: PortPreference): RequestedPort => ({ name, port, serviceName: name });

const requested = [
  own('first', auto),
  own('preferred', preferred(5173)),
  own('strict', strict(5173)),
  own('preferred-too', preferred(5173)),
  own('second', auto),
];

type Made = Awaited<ReturnType<typeof reserveConfiguredPorts>>;
const portsOf = ({ claims }: Made) => claims.map(({ reservation }) => [reservation.serviceName, reservation.port]);

/** Reserves ports after listing the reservations, as a start does. */
async function reserve(candle: Candle, request: Pick<ConfiguredPortsRequest, 'requested' | 'needed'>) {
  const reservations = await candle.store.reservations.list(projectDir);
  return reserveConfiguredPorts(candle, { projectDir, reservations, ...request });
}

test('strict ports are reserved first, then preferred ports, then the rest, each in the order of the file', async () => {
  const candle = temporaryCandle();
  const made = await reserve(candle, { requested, needed: ['worker'] });
  expect(portsOf(made)).toEqual([
    ['strict', 5173],
    ['preferred', 5174],
    ['preferred-too', 5175],
    ['first', 4000],
    ['second', 4001],
  ]);
  expect(made.failed).toEqual([]);
  expect(made.claims.map(({ isNewProject }) => isNewProject)).toEqual([true, false, false, false, false]);
});

test('existing reservations are kept, and nothing is locked or tested if none is missing', async () => {
  const candle = temporaryCandle();
  await reservePort(candle, { projectDir, serviceName: 'preferred' });
  const preferences = requested.filter(({ name }) => name !== 'strict');
  expect(portsOf(await reserve(candle, { requested: preferences, needed: [] }))).toEqual([
    ['preferred-too', 5173],
    ['first', 4001],
    ['second', 4002],
  ]);
  const tested = candle.tested.length;
  candle.sqlite.exec('BEGIN IMMEDIATE');
  expect(await reserve(candle, { requested: preferences, needed: [] })).toEqual({
    claims: [],
    reservations: await candle.store.reservations.list(projectDir),
    failed: [],
  });
  candle.sqlite.exec('ROLLBACK');
  expect(candle.tested).toHaveLength(tested);
});

test('a failure of a service that is not needed is reported, and the others get their ports', async () => {
  const candle = temporaryCandle({ isFree: (port) => port !== 5173 });
  const made = await reserve(candle, { requested, needed: ['first'] });
  expect(made.failed).toEqual([{ name: 'strict', error: expect.objectContaining({ code: 'PORT_NOT_AVAILABLE' }) }]);
  expect(made.claims).toHaveLength(4);
});

test('a failure of a needed service reserves nothing', async () => {
  const candle = temporaryCandle({ isFree: (port) => port !== 5173 });
  const failure = reserve(candle, { requested, needed: ['strict'] });
  await expect(failure).rejects.toMatchObject({ code: 'PORT_NOT_AVAILABLE', details: { serviceName: 'strict' } });
  expect(await candle.store.reservations.list()).toEqual([]);
});

test('a reservation that differs from the strict port is rejected, with the command that moves it', async () => {
  const candle = temporaryCandle();
  await reservePort(candle, { projectDir, serviceName: 'strict' });
  const failure = reserve(candle, { requested, needed: ['strict'] });
  await expect(failure).rejects.toMatchObject({
    code: 'PORT_STRICT_DIFFERS',
    message: "Service 'strict' has port 4000 reserved, but its configuration requires 5173",
    hint: 'To move it to port 5173: candle start strict --move',
  });
  const { failed } = await reserve(candle, { requested, needed: ['first'] });
  expect(failed).toMatchObject([{ name: 'strict', error: { code: 'PORT_STRICT_DIFFERS' } }]);
});

test('64 concurrent calls give each service one port, announce it once, and all return it', async () => {
  const events: CandleEvent[] = [];
  const candle = { ...temporaryCandle(), announce: (event: CandleEvent) => void events.push(event) };
  const all = await Promise.all(Array.from({ length: 64 }, () => reserve(candle, { requested, needed: [] })));
  const portsByName = (reservations: readonly Reservation[]) =>
    Object.fromEntries(reservations.map(({ serviceName, port }) => [serviceName, port]));
  const stored = portsByName(await candle.store.reservations.list());
  for (const { reservations } of all) expect(portsByName(reservations)).toEqual(stored);
  const made = all.flatMap(portsOf);
  expect(made.map(([name]) => name)).toEqual(['strict', 'preferred', 'preferred-too', 'first', 'second']);
  expect(events).toMatchObject(made.map(([serviceName, port]) => ({ kind: 'port-reserved', serviceName, port })));
  expect(await candle.store.reservations.list()).toHaveLength(5);
});

test('many bind tests are spread over several transactions, and each port is reserved once', async () => {
  const candle = temporaryCandle({ isFree: (port) => port > 4300 });
  setCursor(candle.sqlite, 4000);
  const preferences = [own('a', auto), own('b', auto), own('c', preferred(4100))];
  const made = await reserve(candle, { requested: preferences, needed: ['a', 'b', 'c'] });
  expect(portsOf(made)).toEqual([
    ['c', 4301],
    ['a', 4302],
    ['b', 4303],
  ]);
});

test('a listener on the preferred port of another program does not count, unlike a reservation', async () => {
  const candle = temporaryCandle({ isFree: () => false });
  const entry = (name: string, port: PortPreference): RequestedPort => ({ name, port, serviceName: null });
  const made = await reserve(candle, {
    requested: [entry('db', preferred(5432)), entry('mail', strict(1025))],
    needed: ['db', 'mail'],
  });
  expect(portsOf(made)).toEqual([
    ['mail', 1025],
    ['db', 5432],
  ]);
  const failure = reserve(candle, { requested: [own('web', strict(5433))], needed: ['web'] });
  await expect(failure).rejects.toMatchObject({ code: 'PORT_NOT_AVAILABLE' });
  const other = await candle.store.reservations.list(projectDir);
  const taken = reserveConfiguredPorts(candle, {
    projectDir: '/other',
    reservations: [],
    requested: [entry('db', strict(5432))],
    needed: ['db'],
  });
  await expect(taken).rejects.toMatchObject({ code: 'PORT_NOT_AVAILABLE', details: { by: 'reserved' } });
  expect(await candle.store.reservations.list()).toEqual(other);
});

test('a strict port of another program that differs has to be released', async () => {
  const candle = temporaryCandle();
  await reservePort(candle, { projectDir, serviceName: 'db' });
  const entry: RequestedPort = { name: 'db', port: strict(5432), serviceName: null };
  await expect(reserve(candle, { requested: [entry], needed: ['db'] })).rejects.toMatchObject({
    message: "Port entry 'db' has port 4000 reserved, but its configuration requires 5432",
    hint: 'To release it, so that the next start reserves the other one: candle release-ports db',
  });
});
