import { describe, expect, test } from 'vitest';
import { temporaryCandle } from '../../test/temporary-candle.ts';
import type { Candle } from '../candle.ts';
import { getOrReservePort } from './get-or-reserve-port.ts';
import { getReservedPort } from './get-reserved-port.ts';
import { releasePorts } from './release-ports.ts';
import { releasedPortsDocument, reservedPortDocument } from './reservation-document.ts';
import { reservePort } from './reserve-port.ts';

const projectDir = '/project';

test('a service with a port cannot reserve another, with the message from the spec', async () => {
  const candle = temporaryCandle();
  await reservePort(candle, { projectDir, serviceName: 'api' });
  await expect(reservePort(candle, { projectDir, serviceName: 'api' })).rejects.toMatchObject({
    code: 'PORT_ALREADY_RESERVED',
    message: "Service 'api' already has a reserved port: 4000",
    details: { serviceName: 'api', port: 4000, projectDir },
  });
});

test('a project can have several project-level ports', async () => {
  const candle = temporaryCandle();
  const claims = [await reservePort(candle, { projectDir }), await reservePort(candle, { projectDir })];
  expect(claims.map(({ reservation }) => [reservation.port, reservation.serviceName])).toEqual([
    [4000, null],
    [4001, null],
  ]);
});

test('lists the newest reservation first; within one millisecond, the one that was reserved last', async () => {
  let nowMs = 1000;
  const candle = temporaryCandle({ nowMs: () => nowMs });
  await reservePort(candle, { projectDir, serviceName: 'first' });
  await reservePort(candle, { projectDir, serviceName: 'second' });
  nowMs = 500;
  await reservePort(candle, { projectDir, serviceName: 'clock-was-set-back' });
  nowMs = 2000;
  await reservePort(candle, { projectDir: '/other' });
  const names = async (dir?: string) =>
    (await candle.store.reservations.list(dir)).map(({ serviceName }) => serviceName);
  expect(await names()).toEqual([null, 'second', 'first', 'clock-was-set-back']);
  expect(await names(projectDir)).toEqual(['second', 'first', 'clock-was-set-back']);
});

describe('a release', () => {
  test('of a service releases only the port of that service', async () => {
    const candle = temporaryCandle();
    for (const serviceName of ['api', 'web']) await reservePort(candle, { projectDir, serviceName });
    expect(await releasePorts(candle, { projectDir, serviceName: 'api' })).toMatchObject([{ port: 4000 }]);
    expect(await candle.store.reservations.list()).toMatchObject([{ serviceName: 'web' }]);
  });

  test('of all ports does not affect other projects, and succeeds if there are none', async () => {
    const candle = temporaryCandle();
    for (const dir of [projectDir, '/other', projectDir]) await reservePort(candle, { projectDir: dir });
    expect((await releasePorts(candle, { projectDir })).map(({ port }) => port)).toEqual([4000, 4002]);
    expect(await releasePorts(candle, { projectDir })).toEqual([]);
    expect(await candle.store.reservations.list()).toMatchObject([{ projectDir: '/other' }]);
  });

  test('of a port that another project has reserved names that project', async () => {
    const candle = temporaryCandle();
    await reservePort(candle, { projectDir: '/other', serviceName: 'api' });
    await expect(releasePorts(candle, { projectDir, port: 4000 })).rejects.toMatchObject({
      message: 'Port 4000 is reserved by another project: /other',
      details: { port: 4000, projectDir, reservedBy: { projectDir: '/other', serviceName: 'api' } },
    });
    await expect(releasePorts(candle, { projectDir, port: 4001 })).rejects.toThrow('Port 4001 is not reserved');
    await expect(releasePorts(candle, { projectDir, serviceName: '4001' })).rejects.toThrow(
      'Port 4001 is not reserved',
    );
    expect(await candle.store.reservations.list()).toHaveLength(1);
  });
});

test.each([
  ['get', getReservedPort],
  ['release', releasePorts],
])('%s of a service without a port suggests the most similar name that has one', async (_, useCase) => {
  const candle = temporaryCandle();
  await reservePort(candle, { projectDir, serviceName: 'frontend' });
  await expect(useCase(candle, { projectDir, serviceName: 'fronted' })).rejects.toMatchObject({
    code: 'PORT_NOT_RESERVED',
    message: "No reserved port found for service 'fronted'",
    hint: "Did you mean 'frontend'?",
  });
});

const useCases: [string, (candle: Candle, input: { projectDir: string; serviceName: string }) => Promise<unknown>][] = [
  ['reservePort', reservePort],
  ['getReservedPort', getReservedPort],
  ['getOrReservePort', getOrReservePort],
  ['releasePorts', releasePorts],
];

test.each(useCases)('%s rejects an empty or invalid name', async (_, useCase) => {
  const candle = temporaryCandle();
  await reservePort(candle, { projectDir });
  for (const serviceName of ['', ' ', '-x', 'a\nb', '\u001b[31m', '../x', 'a'.repeat(101), 'a'.repeat(10_000)]) {
    await expect(useCase(candle, { projectDir, serviceName })).rejects.toMatchObject({ code: 'SERVICE_NAME_INVALID' });
  }
  expect(await candle.store.reservations.list()).toHaveLength(1);
});

test('documents contain ports as numbers, and null for the project itself', async () => {
  const candle = temporaryCandle();
  const { reservation } = await reservePort(candle, { projectDir });
  expect(reservedPortDocument(reservation)).toEqual({ port: 4000, serviceName: null, projectDir });
  expect(releasedPortsDocument([reservation], { projectDir, port: 4000 })).toEqual({
    releasedCount: 1,
    releasedPort: 4000,
    serviceName: null,
    projectDir,
  });
  expect(releasedPortsDocument([reservation], { projectDir })).toEqual({ releasedCount: 1, projectDir });
});
