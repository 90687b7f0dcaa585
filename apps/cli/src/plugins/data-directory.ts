import { join } from 'node:path';
import { homeDirectory } from '../host/home-directory.ts';

/** Where the user's plugins are, as oclif finds it (`Config.dataDir`) for a CLI with `dirname` candle; undefined without a home. */
export function dataDirectory(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.CANDLE_DATA_DIR) return env.CANDLE_DATA_DIR;
  if (env.XDG_DATA_HOME) return join(env.XDG_DATA_HOME, 'candle');
  const home = homeDirectory();
  return home === undefined ? undefined : join(home, '.local', 'share', 'candle');
}
