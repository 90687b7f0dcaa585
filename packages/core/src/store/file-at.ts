import { statSync } from 'node:fs';

/** Identifies a file regardless of its content; the inode is not reused while the file is open. Undefined if there is no file. */
export function fileAt(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
