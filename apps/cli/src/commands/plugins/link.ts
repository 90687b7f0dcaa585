import { Args, Flags } from '@oclif/core';
import { linkPlugin } from '../../plugins/install/link-plugin.ts';
import { pluginDocument } from '../../plugins/installed-plugin.ts';
import { PluginsCommand } from '../../plugins/plugins-context.ts';
import { renderLinked } from '../../present/plugins.ts';

export default class PluginsLink extends PluginsCommand {
  static override summary = 'Link a plugin from a local directory, for development.';
  static override description =
    'Candle loads the plugin directly from the directory, so changes and builds take effect immediately. Replaces an installed plugin of the same name.';
  static override args = {
    dir: Args.string({ default: '.', ignoreStdin: true, description: 'Directory of the plugin.' }),
  };
  static override flags = {
    // Plugin authors know this flag from oclif's own command. There is nothing to install here.
    install: Flags.boolean({ hidden: true, allowNo: true, summary: 'Has no effect.' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> ../plugin-hosts',
  ];

  async run() {
    const { args } = await this.parse(PluginsLink);
    const linked = await linkPlugin(args.dir, this.context);
    const found = linked === undefined ? [] : [linked];
    for (const plugin of found) this.log(renderLinked(plugin));
    this.noteProblems(found);
    return { linked: found.map(pluginDocument)[0] };
  }
}
