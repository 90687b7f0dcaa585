import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { type ConfigParts, findDistrust, findUntrusted, ownersOf, trustOf } from './config-trust.ts';

const uid = fc.integer({ min: 0, max: 5 });
const owned = fc.record({ uid, mode: fc.integer({ min: 0, max: 0o7777 }) });
const anyParts: fc.Arbitrary<ConfigParts> = fc.oneof(
  fc.record({ directory: owned, entry: owned, file: owned }),
  fc.record({ directory: owned, entry: owned }),
  fc.record({ directory: owned }),
);
const anyUids = fc.array(uid, { maxLength: 4 });
const stranger = 1002;

describe('a configuration is used', () => {
  test('only if every part belongs to a trusted user', () => {
    fc.assert(
      fc.property(
        anyParts,
        anyUids,
        anyUids,
        fc.constantFrom('directory', 'entry', 'file'),
        (parts, uids, recorded, key) => {
          const part = parts[key];
          fc.pre(part !== undefined);
          const distrust = findDistrust({ ...parts, [key]: { ...part, uid: stranger } }, uids, recorded);
          expect(distrust).toBeDefined();
          expect(ownersOf({ ...parts, [key]: { ...part, uid: stranger } })).toContain(distrust?.uid);
        },
      ),
    );
  });

  test('if all of it belongs to the caller and not everybody can write to the file, whatever else the modes allow', () => {
    fc.assert(
      fc.property(anyParts, ({ directory, entry, file }) => {
        const own = { uid: 1 };
        const parts = {
          directory: { ...directory, ...own },
          entry: entry && { ...entry, ...own },
          file: file && { mode: file.mode & ~0o002, ...own },
        };
        expect(findDistrust(parts, [1])).toBeUndefined();
        fc.pre(file !== undefined);
        const writable = { ...parts, file: { mode: file.mode | 0o002, ...own } };
        expect(findDistrust(writable, [1])).toEqual({ part: 'mode', uid: 1 });
      }),
    );
  });

  test('if its owners are recorded, until one of them changes', () => {
    fc.assert(
      fc.property(anyParts, anyUids, (parts, uids) => {
        expect(findDistrust(parts, uids, ownersOf(parts))).toBeUndefined();
        const { directory } = parts;
        const changed = { ...parts, directory: { ...directory, uid: stranger } };
        expect(findDistrust(changed, uids, ownersOf(parts))).toEqual({ part: 'directory', uid: stranger });
      }),
    );
  });

  test('by everybody who trusts at least the same users', () => {
    fc.assert(
      fc.property(anyParts, anyUids, anyUids, anyUids, (parts, uids, recorded, more) => {
        fc.pre(findDistrust(parts, uids, recorded) === undefined);
        expect(findDistrust(parts, [...uids, ...more], recorded)).toBeUndefined();
        expect(findDistrust(parts, uids, [...recorded, ...more])).toBeUndefined();
      }),
    );
  });
});

describe('the trusted users', () => {
  const nobodyRecorded = async () => [];

  test('are the caller and root', () => {
    expect(trustOf({}, nobodyRecorded, 1000).uids.toSorted()).toEqual([0, 1000]);
  });

  test('include the user who called sudo, which only root can say', () => {
    expect(trustOf({ SUDO_UID: '1000' }, nobodyRecorded, 0).uids).toContain(1000);
    expect(trustOf({ SUDO_UID: '1002' }, nobodyRecorded, 1000).uids).not.toContain(1002);
    for (const SUDO_UID of ['', '-1', '1e3', '0x10', ' 7', '99999999999']) {
      expect(new Set(trustOf({ SUDO_UID }, nobodyRecorded, 0).uids)).toEqual(new Set([0]));
    }
  });

  test('do not matter in a directory of CANDLE_TRUST, which has to be absolute', () => {
    expect(trustOf({ CANDLE_TRUST: '/a:/b c:' }, nobodyRecorded).dirs).toEqual(['/a', '/b c']);
    expect(trustOf({ CANDLE_TRUST: '.:..:sub/dir:~' }, nobodyRecorded).dirs).toEqual([]);
  });
});

describe('at a path', () => {
  const trust = { uids: [], dirs: [], recordedOwners: async () => [] };

  test('the opened file counts, not the one that has replaced it', async () => {
    const path = join(temporaryDirectory(), '.candle.json');
    writeFileSync(path, '{}');
    const opened = { uid: stranger, mode: 0o644 };
    const ownUid = process.geteuid?.() ?? 0;
    expect(await findUntrusted(path, { ...trust, uids: [ownUid] })).toBeUndefined();
    expect((await findUntrusted(path, { ...trust, uids: [ownUid] }, opened))?.details).toMatchObject({
      part: 'file',
      uid: stranger,
    });
  });

  test('the record and CANDLE_TRUST are for the real path of exactly this directory', async () => {
    const dir = temporaryDirectory();
    const path = join(dir, '.candle.json');
    writeFileSync(path, '{}');
    const link = join(temporaryDirectory(), 'link');
    symlinkSync(dir, link);
    const asked: string[] = [];
    const recordedOwners = async (asking: string) => {
      asked.push(asking);
      return [];
    };
    expect(await findUntrusted(join(link, '.candle.json'), { ...trust, recordedOwners })).toBeDefined();
    expect(asked).toEqual([dir]);
    expect(await findUntrusted(path, { ...trust, dirs: ['/nowhere', link] })).toBeUndefined();
    expect(await findUntrusted(path, { ...trust, dirs: [join(dir, '..'), join(dir, 'sub')] })).toBeDefined();
  });

  test('a symbolic link that leads nowhere still has an owner', async () => {
    const path = join(temporaryDirectory(), '.candle.json');
    symlinkSync('/nowhere', path);
    expect((await findUntrusted(path, trust))?.details).toMatchObject({ part: 'link' });
  });
});
