import { Args } from '@oclif/core';
import { pluginDocument } from '../../plugins/installed-plugin.ts';
import { listPlugins } from '../../plugins/load/load-plugins.ts';
import { getEntry, refuseEmptyNames } from '../../plugins/plugin-entry.ts';
import { PluginsCommand } from '../../plugins/plugins-context.ts';
import { renderInspection } from '../../present/plugins.ts';

export default class PluginsInspect extends PluginsCommand {
  static override summary = 'Show details of a plugin, with its commands and events.';
  static override args = {
    plugin: Args.string({ required: true, ignoreStdin: true, description: 'Name of an installed plugin.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %> hosts'];

  async run() {
    const { args } = await this.parse(PluginsInspect);
    refuseEmptyNames([args.plugin]);
    const { context } = this;
    const plugins = await listPlugins(context);
    const entry = getEntry(
      plugins.map((plugin) => plugin.entry),
      args.plugin,
      context,
    );
    const inspected = plugins.filter((plugin) => plugin.entry === entry);
    this.log(inspected.map(renderInspection).join('\n'));
    this.noteProblems(inspected);
    return { plugin: inspected.map(pluginDocument)[0] };
  }
}
