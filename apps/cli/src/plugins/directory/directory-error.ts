import { isCandleError } from '@candle/core';
import { PluginsDirectoryUnusableError, PluginsDiskFullError } from '../errors.ts';

const unwritable = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG', 'EINVAL'];

/** What the system says of the data directory, as a sentence; everything else is returned as it is. */
export function translateDirectoryError(error: unknown, dataDir: string): unknown {
  if (isCandleError(error) || !(error instanceof Error)) return error;
  const code = String((error as NodeJS.ErrnoException).code);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new PluginsDiskFullError(dataDir, error);
  if (unwritable.includes(code) || code.startsWith('SQLITE_')) return new PluginsDirectoryUnusableError(dataDir, error);
  return error;
}
