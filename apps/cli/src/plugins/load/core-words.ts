import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The command of oclif's help plugin. */
const helpWord = 'help';

/**
 * The first words of all commands of Candle. They are reserved: a plugin can provide neither `start` nor `start faster`,
 * which would be `start` with the name of a service.
 */
export function readCoreWords(packageRoot: string): ReadonlySet<string> {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot, 'oclif.manifest.json'), 'utf8'));
  const { commands } = manifest as { commands: Record<string, { aliases?: string[]; hiddenAliases?: string[] }> };
  const ids = Object.entries(commands).flatMap(([id, { aliases = [], hiddenAliases = [] }]) => [
    id,
    ...aliases,
    ...hiddenAliases,
  ]);
  return new Set([helpWord, ...ids.map(firstWord)]);
}

/** `plugins` of `plugins:install` and of `plugins install`. */
export function firstWord(id: string): string {
  return id.split(/[: ]/, 1).join('');
}
