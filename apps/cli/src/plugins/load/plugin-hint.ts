import { advise, candle, type Hint, phrase } from '@candle/core';
import type { PluginEntry } from '../plugin-entry.ts';

/** What to do about a plugin that cannot be used. */
export function hintFor({ name, type, tag }: Pick<PluginEntry, 'name' | 'type' | 'tag'>): Hint {
  if (type === 'link') return advise('Fix it, or unlink it', candle('plugins', 'unlink', name));
  const uninstall = candle('plugins', 'uninstall', name);
  if (tag === undefined) return advise('To uninstall it', uninstall);
  const update = advise('Update it', candle('plugins', 'update', name));
  return phrase(update, ', or ', advise('uninstall it', uninstall));
}
