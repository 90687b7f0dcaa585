import { describe, expect, test } from 'vitest';
import { fillReservations, setCursor, temporaryCandle } from '../../test/temporary-candle.ts';
import type { Candle } from '../candle.ts';
import { describeFallback } from '../reservations/reservation-document.ts';
import { claimPort, type PortClaim, type PortClaimRequest } from './claim-port.ts';
import { firstPort, lastPort } from './port-range.ts';

const projectDir = '/project';

function claim(candle: Candle, request: Omit<PortClaimRequest, 'projectDir'>): Promise<PortClaim> {
  return claimPort(candle, { projectDir, ...request });
}

const preferred = (port: number) => ({ kind: 'preferred', port }) as const;
const strict = (port: number) => ({ kind: 'strict', port }) as const;

/** Adds an active run of a service with or without a reservation. */
function addRun(
  sqlite: ReturnType<typeof temporaryCandle>['sqlite'],
  project: string,
  name: string,
  port: number,
): void {
  sqlite
    .prepare(
      `INSERT INTO runs (id, project_dir, service_name, generation, status, shell, root, port, fingerprint, boot_id, started_at_ms)
       VALUES (?, ?, ?, 1, 'running', '', '', ?, '', '', 0)`,
    )
    .run(`${project}-${name}`, project, name, port);
}

describe('a free port', () => {
  test.each([1024, 3999, 4045, 5173, 65535])(
    '%i is assigned to the service that prefers it, and the cursor does not move',
    async (port) => {
      const candle = temporaryCandle();
      const { reservation, fallback } = await claim(candle, { serviceName: 'web', preference: preferred(port) });
      expect([reservation.port, fallback]).toEqual([port, undefined]);
      expect((await claim(candle, { serviceName: 'api' })).reservation.port).toBe(4000);
      expect((await claim(candle, { serviceName: 'db', preference: strict(7000) })).reservation.port).toBe(7000);
      expect((await claim(candle, { serviceName: 'mail' })).reservation.port).toBe(4001);
    },
  );

  test('is assigned to one of many services that require it at once', async () => {
    const candle = temporaryCandle();
    const names = Array.from({ length: 16 }, (_, index) => `service-${index}`);
    const answers = await Promise.allSettled(
      names.map((serviceName) => claim(candle, { serviceName, preference: strict(5173) })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'PORT_NOT_AVAILABLE' });
    }
  });
});

describe('a port that is reserved for another service', () => {
  test('leads to a fallback port after it, and the message says who has it', async () => {
    const candle = temporaryCandle({ isFree: (port) => port !== 5174 });
    await claimPort(candle, { projectDir: '/home/ada/blog', serviceName: 'web', preference: strict(5173) });
    const made = await claim(candle, { serviceName: 'web', preference: preferred(5173) });
    expect(made.reservation.port).toBe(5175);
    expect(made.fallback).toMatchObject({ port: 5173, by: 'reserved', reservation: { projectDir: '/home/ada/blog' } });
    expect(describeFallback(made)).toBe(
      "Port 5173 is not available: it is reserved for service 'web' of project /home/ada/blog; 'web' has port 5175 instead",
    );
    expect((await claim(candle, { serviceName: 'api' })).reservation.port).toBe(4000);
  });

  test('is refused to a service that requires it, with its owner and the command that releases it', async () => {
    const candle = temporaryCandle();
    await claimPort(candle, { projectDir: '/home/ada/my blog', preference: strict(5173) });
    await claim(candle, { serviceName: 'docs', preference: strict(5174) });
    await expect(claim(candle, { serviceName: 'web', preference: strict(5173) })).rejects.toMatchObject({
      code: 'PORT_NOT_AVAILABLE',
      message: "Port 5173 is not available for service 'web': it is reserved for project /home/ada/my blog itself",
      hint: "To release it: candle release-ports --port 5173 --project '/home/ada/my blog'",
      details: { port: 5173, by: 'reserved', reservedBy: { projectDir: '/home/ada/my blog', serviceName: null } },
    });
    await expect(claim(candle, { preference: strict(5174) })).rejects.toMatchObject({
      message: "Port 5174 is not available: it is reserved for service 'docs' of this project",
      hint: 'To release it: candle release-ports --port 5174',
    });
    expect(candle.tested).toEqual([5173, 5174]);
  });

  test('falls back to 4000 if it is below 4000 or the last port', async () => {
    const candle = temporaryCandle();
    for (const port of [3000, lastPort]) {
      await claimPort(candle, { projectDir: '/other', preference: strict(port) });
      const { reservation } = await claim(candle, { serviceName: `on-${port}`, preference: preferred(port) });
      expect(reservation.port).toBe(port === 3000 ? 4000 : 4001);
    }
  });
});

describe('a port on which another program listens', () => {
  const isFree = (port: number) => port !== 5173;

  test('leads to a fallback port if preferred, and is refused if required', async () => {
    const candle = temporaryCandle({ isFree });
    const made = await claim(candle, { serviceName: 'web', preference: preferred(5173) });
    expect(made).toMatchObject({ reservation: { port: 5174 }, fallback: { port: 5173, by: 'listener' } });
    expect(describeFallback(made)).toBe(
      "Port 5173 is not available: it is in use by another program (candle who-has 5173); 'web' has port 5174 instead",
    );
    await expect(claim(candle, { serviceName: 'api', preference: strict(5173) })).rejects.toMatchObject({
      message: "Port 5173 is not available for service 'api': it is in use by another program",
      hint: 'To see which: candle who-has 5173',
    });
  });

  test('is assigned if its only listeners are runs that are about to be replaced', async () => {
    const candle = temporaryCandle({ isFree });
    const made = await claim(candle, { serviceName: 'web', preference: strict(5173), soonFree: [5173] });
    expect(made.reservation.port).toBe(5173);
  });

  test('is not tested while a service runs on it, and is assigned to that service only', async () => {
    const candle = temporaryCandle();
    addRun(candle.sqlite, projectDir, 'web', 5173);
    await expect(claim(candle, { serviceName: 'api', preference: strict(5173) })).rejects.toThrow(
      'in use by another program',
    );
    await expect(
      claimPort(candle, { projectDir: '/other', serviceName: 'web', preference: strict(5173) }),
    ).rejects.toThrow('in use by another program');
    expect((await claim(candle, { serviceName: 'web', preference: strict(5173) })).reservation.port).toBe(5173);
    expect(candle.tested).toEqual([]);
  });
});

describe('ports that the project excludes', () => {
  test('are skipped without a bind test', async () => {
    const candle = temporaryCandle();
    const { reservation } = await claim(candle, { serviceName: 'api', excluded: [4000, 4001, 1, 65535] });
    expect(reservation.port).toBe(4002);
    expect(candle.tested).toEqual([4002]);
  });

  test('are refused if required, and skipped in the search for a fallback port', async () => {
    const candle = temporaryCandle({ isFree: (port) => port !== 5000 });
    await expect(claim(candle, { preference: strict(5001), excluded: [5001] })).rejects.toMatchObject({
      message: 'Port 5001 is not available: excludePorts in .candle.json excludes it',
      hint: 'Remove 5001 from excludePorts, or choose another port',
    });
    const { reservation } = await claim(candle, { serviceName: 'api', preference: preferred(5000), excluded: [5001] });
    expect(reservation.port).toBe(5002);
  });

  test('are not assigned even if no other port is left', async () => {
    const candle = temporaryCandle();
    fillReservations(
      candle.sqlite,
      Array.from({ length: lastPort - firstPort }, (_, index) => firstPort + 1 + index),
    );
    // Reserved, but outside the range in the message.
    fillReservations(candle.sqlite, [1024, 3999]);
    setCursor(candle.sqlite, firstPort);
    await expect(claim(candle, { serviceName: 'api', excluded: [4000] })).rejects.toThrow(
      'No available ports in the range 4000-65535: 61535 reserved, 0 in use by other programs',
    );
  });
});
