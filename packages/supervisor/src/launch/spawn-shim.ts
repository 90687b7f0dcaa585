import { closeSync, constants, openSync } from 'node:fs';
import type { RunDir } from '@candle/core';
import { closeInherited } from '../system/close-inherited.ts';
import { type ProcessContext, readOpenFiles } from './process-context.ts';

/**
 * Starts the shim detached from this process: with its own session and process group, output to a file, and a pipe that
 * never reaches end of file as stdin. The caller spawns it directly, so that the service inherits the caller's umask,
 * limits, groups and namespaces. Returns its pid. `context` is that of the first caller, because another process may
 * restart the run.
 */
export async function spawnShim(
  dir: RunDir,
  { root, env, context }: { root: string; env: Readonly<Record<string, string>>; context: ProcessContext | null },
): Promise<number> {
  const { execa } = await import('execa');
  const fds: number[] = [];
  const ownUmask = process.umask();
  const open = (path: string, flags: number) => {
    const fd = openSync(path, flags, 0o600);
    fds.push(fd);
    // execa accepts any descriptor, but its types allow only the first few.
    return fd as 3;
  };
  try {
    closeInherited();
    const exitPipe = open(dir.exitPipe, constants.O_RDWR);
    const stdin = open(dir.in, constants.O_RDWR);
    const spool = open(dir.spool, constants.O_CREAT | constants.O_APPEND | constants.O_WRONLY);
    if (context) process.umask(context.umask);
    // An absolute path, because PATH in the service's environment may not contain sh.
    const shim = execa('/bin/sh', shimArguments(dir, context), {
      cwd: root,
      env,
      extendEnv: false,
      detached: true,
      cleanup: false,
      reject: false,
      stdio: [stdin, spool, spool, exitPipe],
    });
    if (shim.pid === undefined) throw (await shim).cause ?? new Error('sh could not be started');
    shim.nodeChildProcess.unref();
    return shim.pid;
  } finally {
    process.umask(ownUmask);
    for (const fd of fds) closeSync(fd);
  }
}

function shimArguments(dir: RunDir, context: ProcessContext | null): readonly string[] {
  const openFiles = context?.openFiles ?? null;
  if (openFiles === null || openFiles === readOpenFiles()) return [dir.shim, dir.path];
  return ['-c', 'ulimit -n "$1"; exec /bin/sh "$2" "$3"', 'sh', String(openFiles), dir.shim, dir.path];
}
