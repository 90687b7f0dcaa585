import { join } from 'node:path';
import { homeDirectory } from '../host/home-directory.ts';

/** The user's plugins directory, as in oclif's `Config.dataDir` with `dirname` candle. Undefined without a home directory. */
export function dataDirectory(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.CANDLE_DATA_DIR) return env.CANDLE_DATA_DIR;
  if (env.XDG_DATA_HOME) return join(env.XDG_DATA_HOME, 'candle');
  const home = homeDirectory();
  return home === undefined ? undefined : join(home, '.local', 'share', 'candle');
}
