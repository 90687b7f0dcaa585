import { asc, eq, inArray } from 'drizzle-orm';
import type { Queries } from './database.ts';
import { shownCommands, trustedDirs } from './schema.ts';

/** A directory that is trusted while it belongs to this user. */
export interface TrustRecord {
  /** Real path. */
  readonly dir: string;
  readonly ownerUid: number;
  readonly trustedAtMs: number;
}

/** What the user has allowed, and which commands the user has seen. */
export interface TrustStore {
  /** By directory, then by user. */
  list(): Promise<readonly TrustRecord[]>;
  listOwners(dir: string): Promise<readonly number[]>;
  /** Replaces the records of the directory. */
  trust(dir: string, ownerUids: readonly number[], trustedAtMs: number): Promise<void>;
  /** Removes and returns the records of the directory. */
  revoke(dir: string): Promise<readonly TrustRecord[]>;
  /** Marks commands as shown. Returns those that were not: of several callers at once, only one gets each hash. */
  markShown(hashes: readonly string[], shownAtMs: number): Promise<ReadonlySet<string>>;
}

export function createTrustStore(database: Queries): TrustStore {
  return {
    list: () =>
      database.read(({ orm }) =>
        orm.select().from(trustedDirs).orderBy(asc(trustedDirs.dir), asc(trustedDirs.ownerUid)).all(),
      ),
    listOwners: (dir) =>
      database.read((access) =>
        access
          .list<{ uid: number }>('SELECT owner_uid AS uid FROM trusted_dirs WHERE dir = ?', dir)
          .map(({ uid }) => uid),
      ),
    trust: (dir, ownerUids, trustedAtMs) =>
      database.write(({ orm }) => {
        orm.delete(trustedDirs).where(eq(trustedDirs.dir, dir)).run();
        for (const ownerUid of ownerUids) orm.insert(trustedDirs).values({ dir, ownerUid, trustedAtMs }).run();
      }),
    revoke: (dir) =>
      database.write(({ orm }) => orm.delete(trustedDirs).where(eq(trustedDirs.dir, dir)).returning().all()),
    markShown: async (hashes, shownAtMs) => {
      const known = await database.read(({ orm }) =>
        orm
          .select({ hash: shownCommands.hash })
          .from(shownCommands)
          .where(inArray(shownCommands.hash, [...hashes]))
          .all(),
      );
      const fresh = new Set(hashes);
      for (const { hash } of known) fresh.delete(hash);
      // Most starts show nothing, so they need no write.
      if (fresh.size === 0) return fresh;
      const rows = [...fresh].map((hash) => ({ hash, shownAtMs }));
      const added = await database.write(({ orm }) =>
        orm.insert(shownCommands).values(rows).onConflictDoNothing().returning({ hash: shownCommands.hash }).all(),
      );
      return new Set(added.map(({ hash }) => hash));
    },
  };
}
