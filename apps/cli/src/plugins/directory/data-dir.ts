import { join } from 'node:path';

/** Where oclif keeps plugins: as its config says, and without loading it. Undefined where nothing says where. */
export function findDataDir(
  env: Readonly<Record<string, string | undefined>>,
  home: string | undefined,
): string | undefined {
  if (env.CANDLE_DATA_DIR) return env.CANDLE_DATA_DIR;
  if (env.XDG_DATA_HOME) return join(env.XDG_DATA_HOME, 'candle');
  return home === undefined ? undefined : join(home, '.local', 'share', 'candle');
}
