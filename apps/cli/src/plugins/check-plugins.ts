import { CandleError, isCandleError } from '@candle/core/errors';
import type { CheckedThing } from '@candle/supervisor';
import { listPlugins } from './load/load-plugins.ts';
import type { PluginsPaths } from './plugins-context.ts';

const name = 'plugins';

/** The checks of doctor for plugins. No command of Candle itself depends on plugins, so a problem is only a warning. */
export async function checkPlugins(paths: PluginsPaths): Promise<readonly CheckedThing[]> {
  try {
    const plugins = await listPlugins(paths);
    const problems = plugins.flatMap((plugin) => plugin.problems);
    if (problems.length > 0) return problems.map(asWarning);
    const names = plugins.map((plugin) => [plugin.name, plugin.version].filter(Boolean).join(' '));
    return [{ name, status: 'ok', message: names.length === 0 ? 'No plugins are installed' : names.join(', ') }];
  } catch (error) {
    if (isCandleError(error)) return [asWarning(error)];
    return [{ name, status: 'warning', message: error instanceof Error ? error.message : String(error) }];
  }
}

function asWarning(error: CandleError): CheckedThing {
  return { name, status: 'warning', message: error.message, hint: CandleError.hintOf(error) };
}
