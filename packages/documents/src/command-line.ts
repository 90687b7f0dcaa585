import * as v from 'valibot';
import { type Document, described, describedError } from './fields.ts';

/** The document that every command prints when it fails. */
export const errorDocument = v.object({ error: describedError });
export type ErrorDocument = Document<typeof errorDocument>;

const pluginType = v.picklist(['installed', 'linked']);

export const plugin = v.object({
  name: v.string(),
  version: described(v.nullable(v.string()), 'Null if its package.json cannot be read.'),
  type: pluginType,
  source: described(v.string(), 'What was requested: a version, range or tag, a URL, or a directory.'),
  root: described(v.string(), 'Directory of the plugin.'),
  commands: described(v.array(v.string()), 'Commands as users type them.'),
  events: described(v.array(v.string()), 'Events that the plugin hooks into.'),
  problems: v.array(v.object({ code: v.string(), message: v.string(), hint: v.nullable(v.string()) })),
});
export type PluginDocument = Document<typeof plugin>;

const changedPlugin = v.object({
  ...plugin.entries,
  formerVersion: described(v.nullable(v.string()), 'The version before the change; null if there was none.'),
});

export const plugins = v.object({ plugins: v.array(plugin) });
export const inspectedPlugin = v.object({ plugin });
export const installedPlugins = v.object({ installed: v.array(changedPlugin) });
export const linkedPlugin = v.object({ linked: plugin });
export const resetPlugins = v.object({ removed: v.array(v.string()) });
export const uninstalledPlugins = v.object({
  uninstalled: v.array(v.object({ name: v.string(), type: pluginType })),
});
export const updatedPlugins = v.object({ updated: v.array(changedPlugin) });

/** A page of the documentation. */
const page = { name: v.string(), title: v.string() };

export const pages = v.object({ docs: v.array(v.object(page)) });
export const wholePage = v.object({ ...page, text: described(v.string(), 'The whole page, as Markdown.') });
export const pageOrPages = v.union([wholePage, pages]);
export const agentsGuide = v.object({ text: described(v.string(), 'Markdown.') });
