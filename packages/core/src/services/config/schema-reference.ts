import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** As a package of the project has it: a path that stays the same whichever version is installed. */
const installedSchema = './node_modules/@candle/cli/config.schema.json';

/**
 * What a new `.candle.json` of a project says as its `$schema`. Nothing, where Candle is not installed in the project: a
 * path of this machine is of no use to others, and an address would be of another version, or of none.
 */
export function findSchemaReference(projectDir: string): string | undefined {
  return existsSync(join(projectDir, installedSchema)) ? installedSchema : undefined;
}
