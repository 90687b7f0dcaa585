import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The user's home directory from HOME, or else from the system; undefined if it is not an absolute path. */
export function homeDirectory(): string | undefined {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : undefined;
  } catch {
    return undefined;
  }
}

/** The user's plugins directory, as in oclif's `Config.dataDir` with `dirname` candle. Undefined without a home directory. */
export function dataDirectory(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.CANDLE_DATA_DIR) return env.CANDLE_DATA_DIR;
  if (env.XDG_DATA_HOME) return join(env.XDG_DATA_HOME, 'candle');
  const home = homeDirectory();
  return home === undefined ? undefined : join(home, '.local', 'share', 'candle');
}
