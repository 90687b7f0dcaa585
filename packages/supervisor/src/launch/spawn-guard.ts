import { closeSync, constants, openSync } from 'node:fs';
import type { RunDir } from '@candle/core';
import { closeInherited } from '../system/close-inherited.ts';

/**
 * Starts the guard and lets go of it: own session and process group, output to a file, stdin a pipe that never ends.
 * The caller spawns it, so that a service has its caller's umask, limits, groups and namespaces. Returns its pid.
 * `umask` is given when a run is started again by another process than its first caller.
 */
export async function spawnGuard(
  dir: RunDir,
  { root, env, umask }: { root: string; env: Readonly<Record<string, string>>; umask?: number | undefined },
): Promise<number> {
  const { execa } = await import('execa');
  const fds: number[] = [];
  const ownUmask = process.umask();
  const open = (path: string, flags: number) => {
    const fd = openSync(path, flags, 0o600);
    fds.push(fd);
    // execa takes any descriptor; its types name only the first few.
    return fd as 3;
  };
  try {
    closeInherited();
    const life = open(dir.life, constants.O_RDWR);
    const stdin = open(dir.in, constants.O_RDWR);
    const spool = open(dir.spool, constants.O_CREAT | constants.O_APPEND | constants.O_WRONLY);
    if (umask !== undefined) process.umask(umask);
    // By its path: the PATH of a service's environment may lead nowhere.
    const guard = execa('/bin/sh', [dir.guard, dir.path], {
      cwd: root,
      env,
      extendEnv: false,
      detached: true,
      cleanup: false,
      reject: false,
      stdio: [stdin, spool, spool, life],
    });
    if (guard.pid === undefined) throw (await guard).cause ?? new Error('sh could not be started');
    guard.nodeChildProcess.unref();
    return guard.pid;
  } finally {
    process.umask(ownUmask);
    for (const fd of fds) closeSync(fd);
  }
}
