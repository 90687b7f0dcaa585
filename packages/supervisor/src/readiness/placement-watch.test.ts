import { expect, test } from 'vitest';
import type { InspectedPort } from '../port-check/inspect-port.ts';
import { isOnlyServer, PlacementWatch, type Sighting } from './placement-watch.ts';

const elsewhere: Sighting = { ports: [5_173], awaited: 'it listens on 5173', isAnnounced: false, isOnlyServer: true };

/** Looks every 50 ms at what the test shows. Returns when the watch was sure, in milliseconds. */
async function sureAt(sightingAt: (ms: number) => Sighting | undefined, deadlineMs = 6_000) {
  const clock = { nowMs: 0 };
  const looks: number[] = [];
  const look = async () => {
    looks.push(clock.nowMs);
    return sightingAt(clock.nowMs);
  };
  const watch = new PlacementWatch(look, () => clock.nowMs);
  let finalMs: number | undefined;
  for (; clock.nowMs <= deadlineMs; clock.nowMs += 50) {
    watch.check();
    await new Promise((done) => setImmediate(done));
    if (watch.isFinal) finalMs ??= clock.nowMs;
  }
  return { finalMs, looks, awaited: watch.awaited };
}

test('checks less often the longer it takes', async () => {
  const { looks } = await sureAt(() => undefined);
  expect(looks[0]).toBe(0);
  expect(looks.length).toBeLessThan(10);
});

test('is sure after three seconds, or after one if the output has the address', async () => {
  const quiet = await sureAt(() => elsewhere);
  expect(quiet.finalMs).toBeGreaterThanOrEqual(3_000);
  expect(quiet.finalMs).toBeLessThan(4_500);
  const announced = await sureAt(() => ({ ...elsewhere, isAnnounced: true }));
  expect(announced.finalMs).toBeGreaterThanOrEqual(1_000);
  expect(announced.finalMs).toBeLessThan(2_500);
});

test('begins again if the ports change, and is never sure while another process could open the port', async () => {
  const second = { ...elsewhere, ports: [5_173, 6_006] };
  expect((await sureAt((ms) => (ms < 3_000 ? elsewhere : second), 8_000)).finalMs).toBeGreaterThanOrEqual(6_000);
  expect((await sureAt(() => ({ ...elsewhere, isOnlyServer: false }))).finalMs).toBeUndefined();
});

test('forgets what it has seen when the service listens on its reserved port', async () => {
  expect((await sureAt((ms) => (ms < 2_000 ? elsewhere : undefined))).awaited).toBeUndefined();
});

test.each<[string, readonly (readonly [pid: number, ppid: number])[], readonly number[], boolean]>([
  [
    'a server below a shell and npm, which has a child',
    [
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 3],
    ],
    [3],
    true,
  ],
  [
    'two servers of which one does not listen yet',
    [
      [1, 0],
      [2, 1],
      [3, 1],
    ],
    [2],
    false,
  ],
  [
    'two servers that both listen',
    [
      [1, 0],
      [2, 1],
      [3, 1],
    ],
    [2, 3],
    true,
  ],
])('%s', (_, processes, listening, isOnly) => {
  const members = processes.map(([pid, ppid]) => ({ pid, ppid }));
  const listeners = listening.map((pid) => ({ process: members.find((member) => member.pid === pid) }));
  expect(isOnlyServer({ members, listeners } as unknown as InspectedPort)).toBe(isOnly);
});
