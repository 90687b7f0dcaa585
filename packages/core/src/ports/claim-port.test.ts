import { describe, expect, test } from 'vitest';
import { portsFrom } from '../../test/port-numbers.ts';
import { fillReservations, setCursor, temporaryCandle } from '../../test/temporary-candle.ts';
import type { Candle } from '../candle.ts';
import { claimPort } from './claim-port.ts';
import { PortProbeFailedError, PortRangeExhaustedError } from './errors.ts';
import { firstPort, lastPort, portRangeSize } from './port-range.ts';

const projectDir = '/project';

async function claim(candle: Candle, serviceName?: string): Promise<number> {
  return (await claimPort(candle, { projectDir, serviceName })).reservation.port;
}

async function claimMany(candle: Candle, count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let made = 0; made < count; made++) ports.push(await claim(candle));
  return ports;
}

describe('the port order', () => {
  test('starts at 4000 and skips ports that browsers block', async () => {
    const candle = temporaryCandle();
    expect(await claimMany(candle, 60)).toEqual(portsFrom(4000, 4060).filter((port) => port !== 4045));
  });

  test('continues after the last assigned port when ports were released', async () => {
    const candle = temporaryCandle();
    await claimMany(candle, 3);
    await candle.store.reservations.release({ projectDir });
    expect(await claim(candle)).toBe(4003);
  });

  test('wraps after 65535', async () => {
    const candle = temporaryCandle();
    setCursor(candle.sqlite, lastPort);
    expect(await claimMany(candle, 3)).toEqual([lastPort, 4000, 4001]);
  });

  test('reaches blocked and ephemeral ports in a second pass, when no others are left', async () => {
    const candle = temporaryCandle({ ephemeralRange: { first: 65530, last: 65531 } });
    const last = [4045, 10080, 65530, 65531];
    fillReservations(
      candle.sqlite,
      portsFrom(firstPort, lastPort).filter((port) => port !== 4044 && !last.includes(port)),
    );
    setCursor(candle.sqlite, 9000);
    expect(await claim(candle)).toBe(4044);
    // The cursor is now after 4044.
    expect(await claimMany(candle, 4)).toEqual(last);
    await expect(claim(candle)).rejects.toThrow(PortRangeExhaustedError);
  });

  test('is the same for concurrent claims', async () => {
    const candle = temporaryCandle();
    const ports = await Promise.all(Array.from({ length: 50 }, () => claim(candle)));
    expect(ports.toSorted((a, b) => a - b)).toEqual(portsFrom(4000, 4050).filter((port) => port !== 4045));
  });
});

describe('ports that other programs listen on', () => {
  test('500 in a row are skipped, each tested once', async () => {
    const candle = temporaryCandle({ isFree: (port) => port >= 4500 });
    expect(await claim(candle)).toBe(4500);
    expect(candle.tested).toEqual(portsFrom(4000, 4500).filter((port) => ![4045, 4190].includes(port)));
    expect(await claim(candle)).toBe(4501);
  });

  test('the write lock is released after 256 tests, so that other processes can take it', async () => {
    const candle = temporaryCandle({ isFree: (port) => port >= 4600 });
    const testsOfTransactions: number[] = [];
    const { reservations } = candle.store;
    const counting: Candle = {
      ...candle,
      store: {
        ...candle.store,
        reservations: {
          ...reservations,
          claim: async (work) => {
            const before = candle.tested.length;
            const result = await reservations.claim(work);
            testsOfTransactions.push(candle.tested.length - before);
            return result;
          },
        },
      },
    };
    expect(await claim(counting)).toBe(4600);
    expect(testsOfTransactions).toEqual([256, 256, 87]);
  });

  test('are assigned again after the listener has closed', async () => {
    const taken = new Set([4000, 4001]);
    const candle = temporaryCandle({ isFree: (port) => !taken.has(port) });
    expect(await claim(candle)).toBe(4002);
    taken.clear();
    setCursor(candle.sqlite, firstPort);
    expect(await claimMany(candle, 2)).toEqual([4000, 4001]);
  });

  test('the port of a running service is neither tested nor assigned, even after its reservation was released', async () => {
    const candle = temporaryCandle();
    candle.sqlite
      .prepare(
        `INSERT INTO runs (id, project_dir, service_name, generation, status, shell, root, port, fingerprint, boot_id, started_at_ms, ended_at_ms)
         VALUES ('a', '/project', 'api', 1, 'running', '', '', 4000, '', '', 0, NULL),
                ('b', '/project', 'web', 1, 'exited', '', '', 4001, '', '', 0, 1)`,
      )
      .run();
    expect(await claim(candle)).toBe(4001);
    expect(candle.tested).toEqual([4001]);
  });
});

describe('exhaustion', () => {
  test('reports how many ports are reserved and how many are in use by other programs', async () => {
    const candle = temporaryCandle({ isFree: () => false });
    fillReservations(candle.sqlite, portsFrom(firstPort, lastPort - 36));
    const failure = claimPort(candle, { projectDir });
    await expect(failure).rejects.toThrow(
      'No available ports in the range 4000-65535: 61500 reserved, 36 in use by other programs',
    );
    await expect(failure).rejects.toMatchObject({
      code: 'PORT_RANGE_EXHAUSTED',
      hint: 'To list the reserved ports: candle list-reserved-ports --all',
      details: { reserved: 61500, inUse: 36 },
    });
  });

  test('with 61,536 reservations no port is tested', async () => {
    const candle = temporaryCandle();
    fillReservations(candle.sqlite, portsFrom(firstPort, lastPort));
    await expect(claim(candle)).rejects.toThrow(`${portRangeSize} reserved, 0 in use by other programs`);
    expect(candle.tested).toEqual([]);
  });

  test('with 61,000 reservations and the cursor at the start, the first port after them is assigned', async () => {
    const candle = temporaryCandle({ ephemeralRange: { first: 65535, last: 65535 } });
    fillReservations(candle.sqlite, portsFrom(firstPort, firstPort + 60_999));
    setCursor(candle.sqlite, firstPort);
    expect(await claim(candle)).toBe(65_000);
    expect(candle.tested).toEqual([65_000]);
  });

  test('a single free port is found', async () => {
    const candle = temporaryCandle();
    fillReservations(
      candle.sqlite,
      portsFrom(firstPort, lastPort).filter((port) => port !== 23_456),
    );
    setCursor(candle.sqlite, 23_457);
    expect(await claim(candle)).toBe(23_456);
  });
});

describe('a bind test that fails', () => {
  test('fails the claim with the port number; nothing is reserved, and the cursor does not move', async () => {
    let isForbidden = true;
    const candle = temporaryCandle({
      isFree: (port) => {
        if (isForbidden && port === 4002) throw new PortProbeFailedError(port, '::', 'EPERM');
        return port >= 4002;
      },
    });
    await expect(claim(candle)).rejects.toMatchObject({
      code: 'PORT_PROBE_FAILED',
      message: 'Could not check whether port 4002 is free: binding :: failed with EPERM',
    });
    expect(await candle.store.reservations.list()).toHaveLength(0);
    isForbidden = false;
    expect(await claim(candle)).toBe(4002);
  });

  test('leaves no transaction open', async () => {
    const candle = temporaryCandle({
      isFree: () => {
        throw new Error('unplugged');
      },
    });
    await expect(claim(candle)).rejects.toThrow('unplugged');
    // With an open transaction, this would fail with SQLITE_BUSY after five seconds.
    candle.sqlite.exec('BEGIN IMMEDIATE; ROLLBACK');
  });
});

describe('a service', () => {
  test('keeps its port without a bind test', async () => {
    const candle = temporaryCandle();
    const first = await claimPort(candle, { projectDir, serviceName: 'api' });
    const again = await claimPort(candle, { projectDir, serviceName: 'api' });
    expect(first).toMatchObject({ isNew: true, isNewProject: true, reservation: { port: 4000 } });
    expect(again).toEqual({ isNew: false, isNewProject: false, reservation: first.reservation });
    expect(candle.tested).toEqual([4000]);
  });

  test('gets one port from any number of concurrent claims', async () => {
    const candle = temporaryCandle();
    const claims = await Promise.all(
      Array.from({ length: 16 }, () => claimPort(candle, { projectDir, serviceName: 'api' })),
    );
    expect(new Set(claims.map(({ reservation }) => reservation.port))).toEqual(new Set([4000]));
    expect(claims.filter(({ isNew }) => isNew)).toHaveLength(1);
  });

  test('with the same name in another project is a different service', async () => {
    const candle = temporaryCandle();
    await claimPort(candle, { projectDir, serviceName: 'api' });
    const other = await claimPort(candle, { projectDir: '/other', serviceName: 'api' });
    expect(other).toMatchObject({ isNew: true, isNewProject: true, reservation: { port: 4001 } });
  });
});
