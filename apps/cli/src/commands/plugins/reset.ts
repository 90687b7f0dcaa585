import { resetPlugins } from '../../plugins/install/uninstall-plugins.ts';
import { PluginsCommand } from '../../plugins/plugins-context.ts';

export default class PluginsReset extends PluginsCommand {
  static override summary = 'Remove all plugins, even if the list of plugins is damaged.';
  static override description = 'Does not change the directories of linked plugins.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    await this.parse(PluginsReset);
    const removed = await resetPlugins(this.context);
    const names = removed.map(({ name }) => name);
    this.log(names.length === 0 ? 'No plugins left' : `Removed ${names.join(', ')}`);
    return { removed: names };
  }
}
