import { Plugin } from '@oclif/core/config';
import type { PluginsConfig } from '../plugins-context.ts';

/** Candle itself, which to oclif is a plugin, and the plugins that it brings. */
export async function loadOwnPlugins(
  packageRoot: string,
): Promise<Omit<PluginsConfig, 'dataDir'> & { readonly plugins: readonly Plugin[] }> {
  const root = new Plugin({ root: packageRoot, isRoot: true });
  await root.load();
  const brought = (root.pjson.oclif.plugins ?? []).map((name) => new Plugin({ name, root: packageRoot, type: 'core' }));
  await Promise.all(brought.map((plugin) => plugin.load()));
  const { name, version, pjson } = root;
  return { root: packageRoot, name, version, pjson, plugins: [root, ...brought] };
}
