import { statfsSync } from 'node:fs';

/** With less free space, a write of a program or the database may fail. */
const minFreeBytes = 256 * 1024;

/** Whether the file system of `path` has almost no space left for this user. */
export function isDiskNearlyFull(path: string): boolean {
  try {
    const { bavail, bfree, bsize } = statfsSync(path);
    return (process.geteuid?.() === 0 ? bfree : bavail) * bsize < minFreeBytes;
  } catch {
    return false; // The path does not exist any more.
  }
}
