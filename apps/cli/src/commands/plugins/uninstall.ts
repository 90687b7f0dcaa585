import { Args } from '@oclif/core';
import { uninstallPlugins } from '../../plugins/install/uninstall-plugins.ts';
import { PluginsCommand } from '../../plugins/plugins-context.ts';

export default class PluginsUninstall extends PluginsCommand {
  static override summary = 'Uninstall or unlink plugins.';
  static override description = 'Does not change the directory of a linked plugin.';
  static override aliases = ['plugins:unlink', 'plugins:remove'];
  static override args = {
    plugin: Args.string({
      required: true,
      multiple: true,
      ignoreStdin: true,
      description: 'Name of an installed plugin, or the directory of a linked one.',
    }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %> hosts', '<%= config.bin %> <%= command.id %> .'];

  async run() {
    const { args } = await this.parse(PluginsUninstall);
    const removed = await uninstallPlugins(args.plugin, this.context);
    for (const { name, type } of removed) this.log(`${type === 'link' ? 'Unlinked' : 'Uninstalled'} ${name}`);
    return {
      uninstalled: removed.map(({ name, type }) => ({
        name,
        type: type === 'link' ? ('linked' as const) : ('installed' as const),
      })),
    };
  }
}
