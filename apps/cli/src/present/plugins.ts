import { showPath } from '@candle/core/errors';
import { noPlugins } from '../plugins/directory/errors.ts';
import type { ChangedPlugin } from '../plugins/install/install-plugins.ts';
import { type InstalledPlugin, pluginDocument, typedCommand } from '../plugins/installed-plugin.ts';
import { isLinked, withoutPassword } from '../plugins/plugin-entry.ts';

/** One line per plugin: name, version, origin unless it is the registry, and what it provides. */
export function renderPlugins(plugins: readonly InstalledPlugin[]): string {
  if (plugins.length === 0) return noPlugins;
  return plugins.map(renderPlugin).join('\n');
}

function renderPlugin(found: InstalledPlugin): string {
  return [nameAndVersion(found), origin(found), `${provides(found)}`].filter(Boolean).join(' ');
}

/** `Installed @candle/plugin-hosts 1.1.0 (was 1.0.0): candle hosts`. */
export function renderInstalled(found: ChangedPlugin): string {
  const { formerVersion, version } = found;
  const was = formerVersion !== undefined && formerVersion !== version ? ` (was ${formerVersion})` : '';
  return `Installed ${nameAndVersion(found)}${was} ${provides(found)}`;
}

export function renderUpdated(found: ChangedPlugin): string {
  const { entry, formerVersion, version } = found;
  if (isLinked(entry))
    return `${nameAndVersion(found)} is linked to ${showPath(entry.root)}, so there is nothing to update`;
  if (formerVersion === version) return `${nameAndVersion(found)} is up to date`;
  return `Updated ${found.name} ${formerVersion ?? '?'} -> ${version ?? '?'}`;
}

export function renderLinked(found: InstalledPlugin): string {
  return `Linked ${nameAndVersion(found)} ${origin(found)} ${provides(found)}`;
}

/** All details of one plugin. */
export function renderInspection(found: InstalledPlugin): string {
  const { type, source, root, events } = pluginDocument(found);
  const { pjson, commands = [] } = found.plugin ?? {};
  const lines = [
    nameAndVersion(found),
    ...[pjson?.description].filter(Boolean),
    `  ${type === 'linked' ? 'Linked' : `Installed ${found.entry.url === undefined ? 'as' : 'from'} ${source}, in`} ${showPath(root)}`,
    ...[pjson?.homepage].filter(Boolean).map((page) => `  Homepage: ${page}`),
    ...(found.plugin === undefined ? ['  Cannot be used'] : []),
    ...commands
      .filter(({ hidden }) => !hidden)
      .map(({ id, summary }) => `  candle ${typedCommand(id)}${summary ? `  ${summary}` : ''}`),
    ...(events.length === 0 ? [] : [`  Hooks into: ${events.join(', ')}`]),
  ];
  return lines.join('\n');
}

function nameAndVersion({ name, version }: InstalledPlugin): string {
  return [name, version].filter(Boolean).join(' ');
}

function origin({ entry }: InstalledPlugin): string {
  if (isLinked(entry)) return `(link) ${showPath(entry.root)}`;
  if (entry.url !== undefined) return `(from ${showPath(withoutPassword(entry.url).replace(/^file:/, ''))})`;
  return entry.tag === undefined || entry.tag === 'latest' ? '' : `(${entry.tag})`;
}

function provides(found: InstalledPlugin): string {
  if (found.plugin === undefined) return '- cannot be used';
  const { commands, events } = pluginDocument(found);
  const parts = [...commands.map((command) => `candle ${command}`), ...events];
  return parts.length === 0 ? '- provides no commands or events' : `- ${parts.join(', ')}`;
}
