import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Brought by oclif's own plugin. */
const helpWord = 'help';

/**
 * The first words of all command lines that are Candle's own. No plugin gets one of them: neither `start`, nor
 * `start faster`, which would be `start` with a service's name.
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
