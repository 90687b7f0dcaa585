import type { PluginEntry } from '../plugin-entry.ts';

/** What to type when a plugin is of no use. */
export function hintFor({ name, type, tag }: PluginEntry): string {
  if (type === 'link') return `Mend it, or: candle plugins unlink ${name}`;
  return tag === undefined
    ? `candle plugins uninstall ${name}`
    : `candle plugins update ${name}, or: candle plugins uninstall ${name}`;
}
