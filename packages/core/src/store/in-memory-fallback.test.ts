import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copyStore } from '../../test/damaged-store.ts';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';

const key = { projectDir: '/shop', name: 'api' };
const owner = { pid: 99, startToken: '7' };

/** A store with a started service, whose lock another process holds, and a copy of it. */
async function lockedStore(): Promise<{ store: Store; refuse: () => void; allow: () => void }> {
  const stateDir = temporaryDirectory();
  const store = openStore(stateDir);
  onTestFinished(() => store.close());
  await store.services.request({ ...key, verb: 'start', owner });
  await store.services.tryLock(key, owner, 5, () => true);
  await copyStore(stateDir);
  const journal = join(stateDir, 'state.db-journal');
  return {
    store,
    // SQLite cannot open its journal, and can therefore neither write nor read.
    refuse: () => {
      rmSync(journal, { force: true });
      mkdirSync(journal);
    },
    allow: () => rmSync(journal, { recursive: true }),
  };
}

test('continues in memory when the database refuses a write, with the same content and free locks', async () => {
  const { store, refuse, allow } = await lockedStore();
  const fallback = await store.orInMemory();
  refuse();
  expect(await fallback.services.request({ ...key, verb: 'kill', owner })).toBe(2);
  expect(fallback.refusal()).toHaveProperty('code', 'STATE_NOT_WRITABLE');
  expect(await fallback.services.find(key)).toMatchObject({ desired: 'down', lock: null });
  allow();
  expect(await fallback.services.find(key)).toMatchObject({ desired: 'down' });
  expect(await store.services.find(key)).toMatchObject({ desired: 'up', request: { generation: 1 } });
});

test('works on the database while it can be written, and again after it is closed', async () => {
  const { store, refuse, allow } = await lockedStore();
  const fallback = await store.orInMemory();
  await fallback.services.request({ ...key, verb: 'start', owner });
  expect(fallback.refusal()).toBeUndefined();
  refuse();
  await fallback.services.request({ ...key, verb: 'kill', owner });
  allow();
  fallback.close();
  expect(await fallback.services.find(key)).toMatchObject({ desired: 'up', request: { generation: 2 } });
  expect(await store.services.find(key)).toMatchObject({ desired: 'up', request: { generation: 2 } });
});

test('releases a lock that was taken before the database refused writes', async () => {
  const { store, refuse, allow } = await lockedStore();
  const fallback = await store.orInMemory();
  refuse();
  await fallback.services.request({ ...key, verb: 'kill', owner });
  await expect(fallback.services.unlock(key, owner, 5)).rejects.toThrow('cannot be written to');
  allow();
  await fallback.services.unlock(key, owner, 5);
  expect(await store.services.find(key)).toMatchObject({ lock: null });
});

test('does not hide other errors', async () => {
  const { store } = await lockedStore();
  const fallback = await store.orInMemory();
  const unknown = { ...key, verb: 'restart', owner } as unknown as Parameters<typeof fallback.services.request>[0];
  await expect(fallback.services.request({ ...unknown, name: undefined as never })).rejects.toThrow();
  expect(fallback.refusal()).toBeUndefined();
});
