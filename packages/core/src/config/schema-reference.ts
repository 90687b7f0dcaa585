import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The schema in an installed package; the path is the same for every version. */
const installedSchema = './node_modules/@candle/cli/config.schema.json';

/**
 * The `$schema` of a new `.candle.json`; undefined if Candle is not installed in the project. An absolute path would not work
 * on other machines, and a URL could point to another version.
 */
export function findSchemaReference(projectDir: string): string | undefined {
  return existsSync(join(projectDir, installedSchema)) ? installedSchema : undefined;
}
