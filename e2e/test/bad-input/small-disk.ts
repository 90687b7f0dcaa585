import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { onTestFinished } from 'vitest';

export interface SmallDisk {
  /** A state directory on it, not made yet. */
  readonly stateDir: string;
  /** Leaves this many KiB free. */
  fill(freeKiB: number): void;
  free(): void;
}

/** A small file system that goes with the sandbox; undefined where this user may not mount one. */
export function mountSmallDisk(box: Sandbox, sizeKiB = 512): SmallDisk | undefined {
  const path = join(box.root, 'disk');
  mkdirSync(path);
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKiB}k,mode=700`, 'tmpfs', path]);
  if (mount.status !== 0) return undefined;
  // Comes before the sandbox is removed, as what was registered last is done first.
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', path]);
  });
  const filler = join(path, 'filler');
  const free = () => rmSync(filler, { force: true });
  const fill = (freeKiB: number) => {
    free();
    const { bavail, bsize } = statfsSync(path);
    try {
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - freeKiB * 1024)));
    } catch (error) {
      // Somebody else has written to it meanwhile: it is full all the same.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  };
  return { stateDir: join(path, 'state'), fill, free };
}

export const whyNoMount = 'this user may mount no file system';
