import { isCandleError } from '@candle/core/errors';
import { PluginFailedError } from './load/errors.ts';

/** Turns an unexpected error in a command of a plugin into an error that is attributed to the plugin. */
export function asPluginFailure(
  error: unknown,
  plugin: { readonly name: string; readonly version: string | undefined } | undefined,
): unknown {
  return plugin === undefined || isCandleError(error)
    ? error
    : new PluginFailedError(plugin.name, plugin.version, error);
}
