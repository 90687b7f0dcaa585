import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a directory and the missing ones above it, one by one from the top. Node's recursive mkdir never returns if a
 * parent cannot contain directories, as below /proc.
 * @param mode of each directory that is created; by default, what the umask allows
 * @throws the error of the system for the directory that cannot be created
 */
export function makeDirectories(path: string, mode?: number): void {
  const missing: string[] = [];
  for (let dir = path; !existsSync(dir); dir = dirname(dir)) missing.unshift(dir);
  for (const dir of missing) makeDirectory(dir, mode);
}

function makeDirectory(dir: string, mode: number | undefined): void {
  try {
    mkdirSync(dir, { mode });
    // The umask may have removed permissions that the owner needs.
    if (mode !== undefined) chmodSync(dir, mode);
  } catch (error) {
    // Another process may have created it since.
    const isMade = (error as NodeJS.ErrnoException).code === 'EEXIST' && existsSync(dir) && statSync(dir).isDirectory();
    if (!isMade) throw error;
  }
}
