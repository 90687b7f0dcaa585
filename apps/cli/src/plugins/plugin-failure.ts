import { isCandleError } from '@candle/core';
import { PluginFailedError } from './errors.ts';

/** What nobody foresaw in a command of a plugin is the plugin's bug and not Candle's. */
export function asPluginFailure(
  error: unknown,
  plugin: { readonly name: string; readonly version: string | undefined } | undefined,
): unknown {
  return plugin === undefined || isCandleError(error)
    ? error
    : new PluginFailedError(plugin.name, plugin.version, error);
}
