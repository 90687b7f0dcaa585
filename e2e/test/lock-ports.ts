import { once } from 'node:events';
import { createServer } from 'node:net';
import { until } from '@candle/test-kit';
import { afterAll, beforeAll } from 'vitest';

/**
 * Test files expect the first free ports, so only one file at a time may run in a network. Without network namespaces,
 * a file therefore waits for those of other runs. The lock is an abstract socket: each network namespace has its own
 * ones, and they vanish with their process.
 */
const lock = createServer();
const maxWaitMs = 30 * 60_000;

beforeAll(async () => {
  if (await tryLock()) return;
  console.log('Waiting for another run that uses the ports of this network. To run in an own network: pnpm test FILE');
  await until('no other run of the tests uses the ports of this network', tryLock, { timeoutMs: maxWaitMs });
}, maxWaitMs);

afterAll(() => new Promise<void>((resolve) => void lock.close(() => resolve())));

async function tryLock(): Promise<boolean> {
  lock.listen('\0candle-e2e');
  try {
    await once(lock, 'listening');
    return true;
  } catch {
    return false;
  }
}
