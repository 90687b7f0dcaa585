import { statfsSync } from 'node:fs';

/** Fewer bytes than a program prints at once, or the ledger writes. */
const minBytes = 256 * 1024;

/** Is there next to no room left for this user where `path` is? */
export function isDiskFull(path: string): boolean {
  try {
    const { bavail, bfree, bsize } = statfsSync(path);
    return (process.geteuid?.() === 0 ? bfree : bavail) * bsize < minBytes;
  } catch {
    return false; // It is gone.
  }
}
