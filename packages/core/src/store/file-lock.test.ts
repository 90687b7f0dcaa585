import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';

const fileLock = new URL('./file-lock.ts', import.meta.url).href;

const waiter = (path: string) => `
  import { tryLockFile } from ${JSON.stringify(fileLock)};
  console.log('waits');
  process.exit(tryLockFile(${JSON.stringify(path)}, { blockMs: 20_000 }) === undefined ? 3 : 0);`;

/** Some of SQLite's attempts to get the lock, which are up to 100 ms apart. */
const attemptsMs = 500;

test('a process that waits for a lock does not prevent another one, which is about to get it, from getting it', async () => {
  const path = join(temporaryDirectory(), 'test.lock');
  const next = new BetterSqlite3(path, { timeout: 5_000 });
  // What SQLite takes first for an exclusive lock.
  next.exec('BEGIN IMMEDIATE; CREATE TABLE written (x)');
  const waiting = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', waiter(path)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(waiting, 'exit');
  await once(waiting.stdout, 'data');
  await sleep(attemptsMs);
  expect(() => next.exec('COMMIT')).not.toThrow();
  next.close();
  expect(await exit).toEqual([0, null]);
}, 30_000);
