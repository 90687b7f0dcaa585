import { PluginsCommand } from '../../plugins/plugins-command.ts';
import { resetPlugins } from '../../plugins/reset-plugins.ts';

export default class PluginsReset extends PluginsCommand {
  static override summary = 'Remove all plugins, also when the list of them is damaged.';
  static override description = 'Directories of linked plugins are left as they are.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    await this.parse(PluginsReset);
    const removed = await resetPlugins(this.context);
    const names = removed.map(({ name }) => name);
    this.log(names.length === 0 ? 'No plugin is left' : `Removed ${names.join(', ')}`);
    return { removed: names };
  }
}
