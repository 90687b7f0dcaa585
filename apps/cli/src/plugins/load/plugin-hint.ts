import type { PluginEntry } from '../plugin-entry.ts';

/** What to do about a plugin that cannot be used. */
export function hintFor({ name, type, tag }: PluginEntry): string {
  if (type === 'link') return `Fix it, or unlink it: candle plugins unlink ${name}`;
  return tag === undefined
    ? `candle plugins uninstall ${name}`
    : `candle plugins update ${name}, or: candle plugins uninstall ${name}`;
}
