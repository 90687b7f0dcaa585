import { statfsSync } from 'node:fs';

/** With less free space, the last file that was written may be truncated. */
const minFreeBytes = 256 * 1024;

/**
 * Whether a directory is on a full file system. npm does not report this: when it unpacks a tarball, it skips files that it
 * cannot write, and may still report success.
 */
export function isFileSystemFull(dir: string): boolean {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize < minFreeBytes;
}
