import { statfsSync } from 'node:fs';

/** Where less is left, the last thing that was written may be cut off. */
const minFreeBytes = 256 * 1024;

/**
 * Whether a directory is on a file system that has no room left. npm does not say: of a tarball that it unpacks it leaves
 * out what cannot be written, and may even call that a success.
 */
export function isDiskFull(dir: string): boolean {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize < minFreeBytes;
}
