import { Args, Flags } from '@oclif/core';
import { linkPlugin } from '../../plugins/install/link-plugin.ts';
import { pluginDocument } from '../../plugins/plugin-document.ts';
import { PluginsCommand } from '../../plugins/plugins-command.ts';
import { renderLinked } from '../../present/render-plugins.ts';

export default class PluginsLink extends PluginsCommand {
  static override summary = 'Use a plugin from the directory where it is worked on.';
  static override description =
    'The directory is used as it is: what you change and build there is what runs. In the place of an installed one of the same name.';
  static override args = {
    dir: Args.string({ default: '.', ignoreStdin: true, description: 'Directory of the plugin.' }),
  };
  static override flags = {
    // Of oclif's own command, by which authors know this one; there is nothing that it would do.
    install: Flags.boolean({ hidden: true, allowNo: true, summary: 'Without effect.' }),
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
