import { Plugin } from '@oclif/core/config';
import type { PluginsConfig } from '../plugins-context.ts';

/** Candle itself, which is a plugin for oclif, and the plugins that are bundled with it. */
export async function loadOwnPlugins(
  packageRoot: string,
): Promise<Omit<PluginsConfig, 'dataDir'> & { readonly plugins: readonly Plugin[] }> {
  const root = new Plugin({ root: packageRoot, isRoot: true });
  await root.load();
  const bundled = (root.pjson.oclif.plugins ?? []).map((name) => new Plugin({ name, root: packageRoot, type: 'core' }));
  await Promise.all(bundled.map((plugin) => plugin.load()));
  const { name, version, pjson } = root;
  return { root: packageRoot, name, version, pjson, plugins: [root, ...bundled] };
}
