import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** O_CLOEXEC, as fdinfo prints it, on every processor that Node runs on. */
const closeOnExec = 0o2000000;
const lastStandardFd = 2;

/**
 * Closes what this process has from its caller beside stdin, stdout and stderr: a lock, or a pipe whose end somebody
 * waits for. A service would keep it open for as long as it runs. Node itself sees to low numbers only, and has no
 * way to mark the others; what Node opens is marked. On macOS a child gets nothing that it is not given.
 */
export function closeInherited(platform: NodeJS.Platform = process.platform): void {
  if (platform === 'darwin') return;
  for (const fd of readdirSync('/proc/self/fd').map(Number)) {
    if (fd > lastStandardFd && isInherited(fd)) closeSync(fd);
  }
}

function isInherited(fd: number): boolean {
  try {
    const [, flags] = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')) ?? [];
    return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    return false; // the one that the directory was read with
  }
}
