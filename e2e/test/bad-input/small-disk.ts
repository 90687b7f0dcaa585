import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { onTestFinished } from 'vitest';

export interface SmallDisk {
  /** A path on the disk for a state directory, which does not exist yet. */
  readonly stateDir: string;
  /** Fills the disk until this many KiB are free. */
  fill(freeKiB: number): void;
  free(): void;
}

/** Mounts a small file system that is removed with the sandbox; undefined if this user cannot mount one. */
export function mountSmallDisk(box: Sandbox, sizeKiB = 512, { inodes = 0 } = {}): SmallDisk | undefined {
  const path = join(box.root, 'disk');
  mkdirSync(path);
  const mount = spawnSync('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=${sizeKiB}k,nr_inodes=${inodes},mode=700`,
    'tmpfs',
    path,
  ]);
  if (mount.status !== 0) return undefined;
  // Runs before the sandbox is removed, because handlers run in reverse order of registration.
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
      // Another process has written to the disk in the meantime: it is full anyway.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  };
  return { stateDir: join(path, 'state'), fill, free };
}

/** Takes all free inodes of the disk, until it is called. */
export function takeInodes({ stateDir }: SmallDisk): () => void {
  const dir = join(stateDir, '..', 'inodes');
  mkdirSync(dir);
  for (let index = 0; statfsSync(dir).ffree > 0; index++) writeFileSync(join(dir, String(index)), '');
  return () => rmSync(dir, { recursive: true });
}

/** A project whose state directory is on a disk that the test can fill. */
export function boxOn(disk: SmallDisk, box: Sandbox): Sandbox {
  const env = { CANDLE_STATE_DIR: disk.stateDir };
  return {
    ...box,
    stateDir: disk.stateDir,
    env: { ...box.env, ...env },
    candle: (args, options) => box.candle(args, { ...options, env: { ...env, ...options?.env } }),
    candleJson: (args, options) => box.candleJson(args, { ...options, env: { ...env, ...options?.env } }),
  };
}

/** Makes a directory read-only for everyone until it is called; undefined if this user cannot mount. */
export function mountReadOnly(path: string): (() => void) | undefined {
  if (spawnSync('mount', ['--bind', path, path]).status !== 0) return undefined;
  let isMounted = true;
  const unmount = () => {
    if (isMounted) execFileSync('umount', ['--lazy', path]);
    isMounted = false;
  };
  onTestFinished(unmount);
  // The kernel refuses this while a process has a file open for writing.
  const remount = 'until mount -o remount,bind,ro "$0" 2>/dev/null; do sleep 0.05; done';
  execFileSync('timeout', ['30', 'sh', '-c', remount, path]);
  return unmount;
}

export const whyNoMount = 'this user cannot mount a file system';
