import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numbersOf } from '../../test/port-numbers.ts';
import { fillReservations, setCursor, temporaryCandle } from '../../test/temporary-candle.ts';
import { candidateOrder, candidatesAfter } from '../ports/claim-port.ts';
import { firstPort, lastPort, portAfter } from '../ports/port-range.ts';
import { getOrReservePort } from './get-or-reserve-port.ts';
import { movePorts } from './move-ports.ts';
import { releasePorts } from './release-ports.ts';
import { reservePort } from './reserve-port.ts';

const ephemeralRange = { first: 4011, last: 4020 };

/** Long ranges that touch and overlap, so that blocks are full, nearly full and empty. */
const anyReserved = fc
  .array(fc.tuple(fc.integer({ min: firstPort, max: lastPort }), fc.integer({ min: 1, max: 4000 })), { maxLength: 8 })
  .map(
    (ranges) => new Set(ranges.flatMap(([first, n]) => numbersOf([{ first, last: Math.min(first + n, lastPort) }]))),
  );
const anyPort = fc.integer({ min: firstPort, max: lastPort });

test('the next candidate is the first port in the order that is not reserved', async () => {
  const { store, sqlite } = temporaryCandle();
  await fc.assert(
    fc.asyncProperty(anyReserved, anyPort, fc.option(anyPort), async (reserved, cursor, tried) => {
      sqlite.exec('DELETE FROM reservations');
      fillReservations(sqlite, reserved);
      const whole = candidateOrder(cursor, { first: 32768, last: 60999 });
      const candidates = tried === null ? whole : candidatesAfter(whole, tried);
      const expected = numbersOf(candidates).find((port) => !reserved.has(port));
      expect(await store.reservations.claim(async (step) => step.nextCandidate(candidates))).toBe(expected);
    }),
    { numRuns: 40 },
  );
});

type Operation =
  | {
      readonly verb: 'reserve' | 'get-or-reserve' | 'release' | 'move';
      readonly project: string;
      readonly name: string;
    }
  | { readonly verb: 'reserve-for-project' | 'release-all'; readonly project: string }
  | { readonly verb: 'reserve-number'; readonly project: string; readonly name: string; readonly port: number }
  | { readonly verb: 'release-port'; readonly project: string; readonly port: number };

const project = fc.constantFrom('/a', '/b');
const name = fc.constantFrom('api', 'web');
const operations: fc.Arbitrary<Operation[]> = fc.array(
  fc.oneof(
    fc.record({
      verb: fc.constantFrom('reserve' as const, 'get-or-reserve' as const, 'release' as const, 'move' as const),
      project,
      name,
    }),
    fc.record({ verb: fc.constantFrom('reserve-for-project' as const, 'release-all' as const), project }),
    fc.record({
      verb: fc.constant('reserve-number' as const),
      project,
      name,
      port: fc.oneof(fc.integer({ min: 4000, max: 4025 }), fc.constantFrom(1024, 3999, 65_535)),
    }),
    fc.record({ verb: fc.constant('release-port' as const), project, port: fc.integer({ min: 4000, max: 4025 }) }),
  ),
  { maxLength: 40 },
);

interface Row {
  readonly port: number;
  readonly projectDir: string;
  readonly serviceName: string | null;
}

/** The store in its simplest form: a list, a cursor, and a search through all ports. */
class NaiveStore {
  rows: readonly Row[] = [];
  cursor: number;
  readonly isFree: (port: number) => boolean;

  constructor(cursor: number, isFree: (port: number) => boolean) {
    this.cursor = cursor;
    this.isFree = isFree;
  }

  reserve(projectDir: string, serviceName: string | null): number {
    const port = numbersOf(candidateOrder(this.cursor, ephemeralRange)).find(
      (candidate) => this.isFree(candidate) && !this.rows.some((row) => row.port === candidate),
    );
    if (port === undefined) throw new Error('The model is exhausted');
    this.#add(projectDir, serviceName, port);
    this.cursor = portAfter(port);
    return port;
  }

  reserveNumber(projectDir: string, serviceName: string, port: number): number | 'PORT_NOT_AVAILABLE' {
    if (!this.isFree(port) || this.rows.some((row) => row.port === port)) return 'PORT_NOT_AVAILABLE';
    this.#add(projectDir, serviceName, port);
    return port;
  }

  #add(projectDir: string, serviceName: string | null, port: number): void {
    this.rows = [{ port, projectDir, serviceName }, ...this.rows];
  }

  release(isReleased: (row: Row) => boolean): number[] {
    const released = this.rows.filter(isReleased);
    this.rows = this.rows.filter((row) => !isReleased(row));
    return released.map(({ port }) => port).sort((a, b) => a - b);
  }
}

test('any sequence of reservations and releases gives the same results as the naive store', async () => {
  const taken = new Set<number>();
  const candle = temporaryCandle({ isFree: (port) => !taken.has(port), ephemeralRange });
  await fc.assert(
    fc.asyncProperty(
      operations,
      fc.constantFrom(4000, 4009, 65_530),
      fc.uniqueArray(fc.integer({ min: 4000, max: 4025 })),
      async (todo, cursor, inUse) => {
        candle.sqlite.exec('DELETE FROM reservations');
        setCursor(candle.sqlite, cursor);
        taken.clear();
        for (const port of inUse) taken.add(port);
        const model = new NaiveStore(cursor, (port) => !taken.has(port));

        for (const operation of todo) expect(await perform(operation)).toEqual(predict(model, operation));

        for (const projectDir of [undefined, '/a', '/b']) {
          const listed = await candle.store.reservations.list(projectDir);
          const expected = model.rows.filter((row) => projectDir === undefined || row.projectDir === projectDir);
          expect(listed).toEqual(expected.map((row) => ({ ...row, reservedAtMs: 0 })));
        }
      },
    ),
    { numRuns: 60 },
  );

  async function perform(operation: Operation): Promise<unknown> {
    const projectDir = operation.project;
    try {
      switch (operation.verb) {
        case 'reserve':
          return (await reservePort(candle, { projectDir, serviceName: operation.name })).reservation.port;
        case 'get-or-reserve':
          return (await getOrReservePort(candle, { projectDir, serviceName: operation.name })).reservation.port;
        case 'reserve-number': {
          const { name: serviceName, port } = operation;
          return (await reservePort(candle, { projectDir, serviceName, port })).reservation.port;
        }
        case 'move':
          return (await movePorts(candle, { projectDir, services: [{ name: operation.name }] })).map(
            ({ to }) => to.port,
          );
        case 'reserve-for-project':
          return (await reservePort(candle, { projectDir })).reservation.port;
        case 'release':
          return (await releasePorts(candle, { projectDir, serviceName: operation.name })).map(({ port }) => port);
        case 'release-port':
          return (await releasePorts(candle, { projectDir, port: operation.port })).map(({ port }) => port);
        case 'release-all':
          return (await releasePorts(candle, { projectDir })).map(({ port }) => port);
      }
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error;
    }
  }
});

function predict(model: NaiveStore, operation: Operation): unknown {
  const projectDir = operation.project;
  const existing =
    'name' in operation
      ? model.rows.find((row) => row.projectDir === projectDir && row.serviceName === operation.name)
      : undefined;
  switch (operation.verb) {
    case 'reserve':
      return existing ? 'PORT_ALREADY_RESERVED' : model.reserve(projectDir, operation.name);
    case 'get-or-reserve':
      return existing?.port ?? model.reserve(projectDir, operation.name);
    case 'reserve-number':
      return existing ? 'PORT_ALREADY_RESERVED' : model.reserveNumber(projectDir, operation.name, operation.port);
    case 'move': {
      if (!existing) return 'PORT_NOT_RESERVED';
      const port = model.reserve(projectDir, operation.name);
      model.release((row) => row === existing);
      return [port];
    }
    case 'reserve-for-project':
      return model.reserve(projectDir, null);
    case 'release':
      return existing ? model.release((row) => row === existing) : 'PORT_NOT_RESERVED';
    case 'release-port': {
      const released = model.release((row) => row.projectDir === projectDir && row.port === operation.port);
      return released.length > 0 ? released : 'PORT_NOT_RESERVED_HERE';
    }
    case 'release-all':
      return model.release((row) => row.projectDir === projectDir);
  }
}
