import { isCandleError, isDiskFull } from '@candle/core';
import { PluginsDirectoryUnusableError, PluginsDiskFullError } from './errors.ts';

const unwritable = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG', 'EINVAL'];

/** Translates a system error about the data directory to a `CandleError`. Returns any other error unchanged. */
export function translateDirectoryError(error: unknown, dataDir: string): unknown {
  if (isCandleError(error) || !(error instanceof Error)) return error;
  const code = String((error as NodeJS.ErrnoException).code);
  if (isDiskFull(error)) return new PluginsDiskFullError(dataDir, error);
  if (unwritable.includes(code) || code.startsWith('SQLITE_')) return new PluginsDirectoryUnusableError(dataDir, error);
  return error;
}
