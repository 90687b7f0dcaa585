import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import {
  type ConfigPart,
  findDistrust,
  findUntrusted,
  ownersOf,
  readParts,
  resolveTrusted,
  trustOf,
} from './config-trust.ts';
import { directoriesUpwards } from './find-project.ts';

const uid = fc.integer({ min: 0, max: 5 });
const anyPart: fc.Arbitrary<ConfigPart> = fc.record({
  kind: fc.constantFrom('file', 'link', 'directory'),
  path: fc.constantFrom('/a', '/b'),
  uid,
  mode: fc.integer({ min: 0, max: 0o7777 }),
});
const anyParts = fc.array(anyPart, { minLength: 1, maxLength: 6 });
const anyUids = fc.array(uid, { maxLength: 4 });
const stranger = 1002;

describe('a configuration is used', () => {
  test('only if every part belongs to a trusted user', () => {
    fc.assert(
      fc.property(anyParts, anyUids, anyUids, fc.nat(), (parts, uids, recorded, index) => {
        const changed = parts.with(index % parts.length, { kind: 'link', path: '/c', uid: stranger, mode: 0o777 });
        const distrust = findDistrust(changed, uids, recorded);
        expect(distrust).toBeDefined();
        expect(findDistrust(changed, [0, 1, 2, 3, 4, 5])).toEqual({ part: 'link', at: '/c', uid: stranger });
        expect(ownersOf(changed)).toContain(distrust?.uid);
      }),
    );
  });

  test('if all of it belongs to the caller and not everybody can change it, whatever else the modes allow', () => {
    const everybody = { file: [0o002, 'file-mode'], directory: [0o002, 'directory-mode'] } as const;
    fc.assert(
      fc.property(anyParts, fc.constantFrom('file', 'directory'), (anyOwner, kind) => {
        const parts = anyOwner.map((part) => ({ ...part, uid: 1, mode: part.mode & ~0o002 }));
        expect(findDistrust(parts, [1])).toBeUndefined();
        const [bit, part] = everybody[kind];
        const writable = { kind, path: '/c', uid: 1, mode: 0o644 | bit };
        expect(findDistrust([...parts, writable], [1])).toEqual({ part, at: '/c', uid: 1 });
      }),
    );
    const sticky = { kind: 'directory', path: '/tmp', uid: 1, mode: 0o1777 } as const;
    expect(findDistrust([sticky], [1])).toBeUndefined();
  });

  test('if its owners are recorded, until one of them changes', () => {
    fc.assert(
      fc.property(anyParts, anyUids, (parts, uids) => {
        expect(findDistrust(parts, uids, ownersOf(parts))).toBeUndefined();
        const changed = parts.map((part, index) => (index === 0 ? { ...part, uid: stranger } : part));
        expect(findDistrust(changed, uids, ownersOf(parts))).toMatchObject({ part: parts[0]?.kind, uid: stranger });
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
    for (const value of ['.', '..', 'sub/dir', '~']) expect(resolveTrusted(value)).toHaveProperty('problem');
    for (const value of ['/proc/self/cwd', '/proc//self/../self/cwd', '/dev/fd/3']) {
      expect(resolveTrusted(value)).toEqual({ value, problem: 'is a different directory in each process' });
    }
    expect(resolveTrusted('/nowhere')).toEqual({ value: '/nowhere', problem: 'does not exist' });
    expect(resolveTrusted('/')).toBe('/');
  });
});

describe('at a path', () => {
  const trust = { uids: [], dirs: [], recordedOwners: async () => [] };

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
    expect((await findUntrusted(path, trust))?.details).toMatchObject({ part: 'link', at: path });
  });

  test('every link and directory through which a symbolic link leads is a part', () => {
    const dir = temporaryDirectory();
    const path = join(dir, 'project/.candle.json');
    for (const name of ['project', 'a', 'a/b', 'c']) mkdirSync(join(dir, name));
    writeFileSync(join(dir, 'c/config'), '{}');
    symlinkSync('../a//./first', path);
    symlinkSync('b/second', join(dir, 'a/first'));
    symlinkSync(join(dir, 'c/config'), join(dir, 'a/b/second'));
    const above = directoriesUpwards(dir).slice(0, -1).toReversed();
    expect(readParts(path).map((part) => [part.kind, part.path])).toEqual([
      ['file', path],
      ['link', path],
      ['directory', dir],
      ['directory', join(dir, 'a')],
      ['link', join(dir, 'a/first')],
      ['directory', join(dir, 'a/b')],
      ['link', join(dir, 'a/b/second')],
      ...[...above, join(dir, 'c')].map((parent) => ['directory', parent]),
      ['directory', join(dir, 'project')],
    ]);
    symlinkSync('loop', join(dir, 'loop'));
    expect(readParts(join(dir, 'loop')).every(({ kind }) => kind !== 'file')).toBe(true);
  });
});
