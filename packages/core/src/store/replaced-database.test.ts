import { copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Reopened, reopen } from '../../test/damaged-store.ts';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { migrations } from './migrations.ts';
import { openStore } from './open-store.ts';
import { recover } from './recovery/recover.ts';
import type { RecoveryReport } from './recovery/recovery-report.ts';
import { fileAt, lastCommit, noTables, noteCommit } from './state-dir.ts';
import type { Store } from './store.ts';

const database = (stateDir: string) => join(stateDir, 'state.db');
const commitFile = (stateDir: string) => join(stateDir, 'state.db.commit');
const lastCopy = (stateDir: string) => join(stateDir, 'state.db.last');
const older = (stateDir: string) => join(stateDir, 'backup');

function reserve(store: Store, serviceName: string): Promise<number> {
  return store.reservations.claim(async (step) => {
    const port = step.cursor();
    step.insert({ port, projectDir: '/project', serviceName, reservedAtMs: 0 }, { movesCursor: true });
    return port;
  });
}

const namesIn = async ({ reservations }: Reopened) => (await reservations()).map(({ serviceName }) => serviceName);

async function copyNow(store: Store): Promise<void> {
  store.copySoon();
  await store.finishCopy();
}

/** A store with the reservation `early`, of which there is a backup, and the reservation `late`. */
async function storeWithBackup(): Promise<{ stateDir: string; opened: Reopened }> {
  const stateDir = temporaryDirectory();
  const opened = reopen(stateDir);
  await reserve(opened.store, 'early');
  copyFileSync(database(stateDir), older(stateDir));
  await reserve(opened.store, 'late');
  return { stateDir, opened };
}

const ways: readonly [string, (from: string, to: string) => void][] = [
  ['overwritten with', copyFileSync],
  ['replaced by', renameSync],
];

test.for(ways)(
  'a database that is %s an older copy is restored from its last copy by the next read',
  async ([, put]) => {
    const { stateDir, opened } = await storeWithBackup();
    await copyNow(opened.store);
    put(older(stateDir), database(stateDir));
    expect(await namesIn(opened)).toEqual(['early', 'late']);
    expect(opened.reports).toMatchObject([
      { reason: 'it was replaced by an older copy', copy: { path: lastCopy(stateDir) }, reservations: { fromCopy: 2 } },
    ]);
  },
);

test.for(ways)('a write on a database that is %s an older copy goes to the restored one', async ([, put]) => {
  const { stateDir, opened } = await storeWithBackup();
  await copyNow(opened.store);
  put(older(stateDir), database(stateDir));
  await reserve(opened.store, 'next');
  expect(await namesIn(reopen(stateDir))).toEqual(['early', 'late', 'next']);
});

test.for([
  ['read', ({ store }: Reopened) => store.runs.listActive()],
  ['write', ({ store }: Reopened) => store.services.list().then(() => reserve(store, 'next'))],
] as const)('a %s that finds the database emptied by a program that writes over it restores it', async ([, use]) => {
  const { stateDir, opened } = await storeWithBackup();
  await copyNow(opened.store);
  truncateSync(database(stateDir));
  await use(opened);
  expect((await namesIn(opened)).slice(0, 2)).toEqual(['early', 'late']);
  expect(opened.reports).toMatchObject([{ reason: 'it is empty' }]);
});

test('a database without tables is restored when it is opened', async () => {
  const { stateDir, opened } = await storeWithBackup();
  await copyNow(opened.store);
  opened.store.close();
  rmSync(database(stateDir));
  const empty = new BetterSqlite3(database(stateDir));
  empty.pragma('user_version = 1');
  empty.close();
  expect(await namesIn(reopen(stateDir))).toEqual(['early', 'late']);
});

test('a recovery leaves the database alone that was written over the emptied one meanwhile', async () => {
  const { stateDir, opened } = await storeWithBackup();
  const paths = { stateDir, path: database(stateDir), busyTimeoutMs: 1000 };
  const damage = { file: fileAt(paths.path), reason: noTables };
  expect(recover(paths, migrations, damage)).toBeUndefined();
  expect(await namesIn(opened)).toEqual(['early', 'late']);
});

test('restores an older copy that is newer than the last copy from itself', async () => {
  const { stateDir, opened } = await storeWithBackup();
  await copyNow(opened.store);
  await reserve(opened.store, 'later');
  copyFileSync(database(stateDir), older(stateDir));
  await reserve(opened.store, 'latest');
  renameSync(older(stateDir), database(stateDir));
  expect(await namesIn(opened)).toEqual(['early', 'late', 'later']);
  expect(opened.reports).toMatchObject([{ copy: { path: opened.reports[0]?.setAside } }]);
});

test.for([
  ['missing', (path: string) => rmSync(path)],
  ['invalid', (path: string) => writeFileSync(path, Buffer.alloc(16, 1))],
  ['too short', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 9))],
] as const)('if the number of the last commit is %s, that of the last copy counts', async ([, damage]) => {
  const { stateDir, opened } = await storeWithBackup();
  await copyNow(opened.store);
  damage(commitFile(stateDir));
  expect(await namesIn(opened)).toEqual(['early', 'late']);
  expect(opened.reports).toEqual([]);
  copyFileSync(older(stateDir), database(stateDir));
  expect(await namesIn(opened)).toEqual(['early', 'late']);
  expect(opened.reports).toHaveLength(1);
});

test('the next write repairs the number of the last commit', async () => {
  const { stateDir, opened } = await storeWithBackup();
  const before = Number(lastCommit(stateDir));
  writeFileSync(commitFile(stateDir), 'garbage');
  await reserve(opened.store, 'next');
  expect(lastCommit(stateDir)).toBe(before + 1);
});

test('a process that was killed between a commit and its number causes no false alarm', async () => {
  const { stateDir, opened } = await storeWithBackup();
  noteCommit(stateDir, Number(lastCommit(stateDir)) - 1);
  const next = reopen(stateDir);
  await reserve(next.store, 'next');
  expect(await namesIn(opened)).toEqual(['early', 'late', 'next']);
  expect([...opened.reports, ...next.reports]).toEqual([]);
});

test('a database that was set aside is recognized if it is put back', async () => {
  const { stateDir, opened } = await storeWithBackup();
  await copyNow(opened.store);
  renameSync(older(stateDir), database(stateDir));
  expect(await namesIn(opened)).toEqual(['early', 'late']);
  renameSync(String(opened.reports[0]?.setAside), database(stateDir));
  expect(await namesIn(opened)).toEqual(['early', 'late']);
  expect(opened.reports).toHaveLength(2);
});

test('closing a connection to a replaced database keeps what others have committed since', async () => {
  const { stateDir, opened } = await storeWithBackup();
  const other = reopen(stateDir);
  await copyNow(opened.store);
  copyFileSync(older(stateDir), database(stateDir));
  await reserve(other.store, 'next');
  opened.store.close();
  await reserve(other.store, 'last');
  expect(await namesIn(reopen(stateDir))).toEqual(['early', 'late', 'next', 'last']);
});

test.for(ways)(
  'a write that is in progress while the database is %s an older copy is repeated on the restored one',
  async ([, put]) => {
    const { stateDir, opened } = await storeWithBackup();
    await copyNow(opened.store);
    let rounds = 0;
    await opened.store.reservations.claim(async (step) => {
      if (rounds++ === 0) put(older(stateDir), database(stateDir));
      step.insert({ port: 4100, projectDir: '/slow', serviceName: 'api', reservedAtMs: 0 }, { movesCursor: true });
    });
    expect(rounds).toBe(2);
    expect(await namesIn(reopen(stateDir))).toEqual(['early', 'late', 'api']);
  },
);

/** A database or a copy of it, as the test expects it. */
interface Content {
  readonly commit: number;
  readonly ports: ReadonlyMap<string, number>;
}

/** What the files of a state directory contain, as the test expects it. */
interface Model {
  database: Content;
  copy: Content | undefined;
  /** Undefined if the file is missing. */
  noted: number | undefined;
  backup: Content;
}

type Action = (model: Model, files: { stateDir: string; stores: Store[] }) => Promise<void> | void;

/** Nothing shows that a database is older if its number is not lower than the noted one: that of the last commit was not noted. */
const isUnnoticed = (model: Model, found: Content) =>
  found.commit < model.database.commit && found.commit >= knownCommit(model);

const knownCommit = ({ noted, copy }: Model) => noted ?? copy?.commit ?? 0;

/** What Candle does at the next query after the database was replaced (`found`) or removed (undefined). */
function restoreIfOlder(model: Model, found: Content | undefined): void {
  if (found !== undefined && found.commit >= knownCommit(model)) {
    model.database = found;
    return;
  }
  const newest = found !== undefined && found.commit > (model.copy?.commit ?? 0) ? found : model.copy;
  model.noted = Math.max(newest?.commit ?? 0, model.noted ?? 0) + 1;
  model.database = { commit: model.noted, ports: newest?.ports ?? new Map() };
}

const storeIndex = fc.integer({ min: 0, max: 1 });

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(storeIndex, fc.boolean()).map(([index, isKilled]): Action => reserving(index, isKilled)),
  },
  storeIndex.map(
    (index): Action =>
      async (model, { stores }) => {
        await copyNow(storeAt(stores, index));
        model.copy = model.database;
        model.noted = model.database.commit;
      },
  ),
  fc.constant<Action>((model, { stateDir }) => {
    copyFileSync(database(stateDir), older(stateDir));
    model.backup = model.database;
  }),
  {
    weight: 4,
    arbitrary: fc.constantFrom(copyFileSync, renameSync).map(
      (put): Action =>
        (model, { stateDir }) => {
          if (isUnnoticed(model, model.backup)) return;
          // The backup stays, so that it can return again.
          copyFileSync(older(stateDir), `${older(stateDir)}.copy`);
          put(`${older(stateDir)}.copy`, database(stateDir));
          restoreIfOlder(model, model.backup);
        },
    ),
  },
  fc.constantFrom(copyFileSync, renameSync).map(
    (put): Action =>
      (model, { stateDir }) => {
        if (model.copy === undefined) return;
        const found = model.copy;
        const left = put === renameSync ? undefined : model.copy;
        if (isUnnoticed({ ...model, copy: left }, found)) return;
        put(lastCopy(stateDir), database(stateDir));
        model.copy = left;
        restoreIfOlder(model, found);
      },
  ),
  fc.constant<Action>((model, { stateDir }) => {
    // Without a copy, there is nothing to restore.
    if (model.copy === undefined) return;
    rmSync(database(stateDir));
    restoreIfOlder(model, undefined);
  }),
  fc.constant<Action>((model, { stateDir }) => {
    rmSync(commitFile(stateDir), { force: true });
    model.noted = undefined;
  }),
  fc.constant<Action>((model, { stateDir }) => {
    rmSync(lastCopy(stateDir), { force: true });
    model.copy = undefined;
  }),
  fc.constant<Action>((_, { stateDir }) => rmSync(`${database(stateDir)}-journal`, { force: true })),
  storeIndex.map(
    (index): Action =>
      (_, { stateDir, stores }) => {
        stores[index]?.close();
        stores[index] = openStore(stateDir);
      },
  ),
);

/** `isKilled`: the process is killed after its commit, before it has noted the number. */
function reserving(index: number, isKilled: boolean): Action {
  return async (model, { stateDir, stores }) => {
    const name = `service-${model.database.commit}`;
    const earlier = lastCommit(stateDir);
    const port = await reserve(storeAt(stores, index), name);
    expect([...model.database.ports.values()]).not.toContain(port);
    const commit = model.database.commit + 1;
    model.database = { commit, ports: new Map([...model.database.ports, [name, port]]) };
    model.noted = commit;
    if (!isKilled) return;
    model.noted = earlier;
    if (earlier === undefined) rmSync(commitFile(stateDir));
    else noteCommit(stateDir, earlier);
  };
}

function storeAt(stores: readonly Store[], index: number): Store {
  const store = stores[index];
  if (store === undefined) throw new Error(`no store ${index}`);
  return store;
}

test('after any sequence of commits, copies, replacements, removals and kills, no port is lost that the newest source has', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyAction, { minLength: 6, maxLength: 20 }), async (actions) => {
      const stateDir = temporaryDirectory();
      const reports: RecoveryReport[] = [];
      const stores = [0, 1].map(() => openStore(stateDir, { onRecovered: (report) => reports.push(report) }));
      const empty = { commit: 1, ports: new Map<string, number>() };
      const model: Model = { database: empty, copy: undefined, noted: 1, backup: empty };
      copyFileSync(database(stateDir), older(stateDir));
      try {
        for (const action of actions) {
          await action(model, { stateDir, stores });
          for (const store of stores) {
            const rows = await store.reservations.list();
            expect(new Map(rows.map(({ serviceName, port }) => [serviceName, port]))).toEqual(model.database.ports);
          }
        }
      } finally {
        for (const store of stores) store.close();
        rmSync(stateDir, { recursive: true });
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);
