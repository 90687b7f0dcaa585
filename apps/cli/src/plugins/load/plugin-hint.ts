import type { PluginEntry } from '../plugin-entry.ts';

/** What to do about a plugin that cannot be used. */
export function hintFor({ name, type, tag }: PluginEntry): string {
  if (type === 'link') return `Fix it, or unlink it: candle plugins unlink ${name}`;
  return tag === undefined
    ? `To uninstall it: candle plugins uninstall ${name}`
    : `Update it: candle plugins update ${name}, or uninstall it: candle plugins uninstall ${name}`;
}
