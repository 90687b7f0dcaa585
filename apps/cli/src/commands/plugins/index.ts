import { pluginDocument } from '../../plugins/installed-plugin.ts';
import { listPlugins } from '../../plugins/load/load-plugins.ts';
import { PluginsCommand } from '../../plugins/plugins-context.ts';
import { renderPlugins } from '../../present/plugins.ts';

export default class Plugins extends PluginsCommand {
  static override summary = 'List installed and linked plugins.';
  static override description = 'Problems with plugins, and how to fix them, are printed on stderr.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run() {
    await this.parse(Plugins);
    const plugins = await listPlugins(this.context);
    this.log(renderPlugins(plugins));
    this.noteProblems(plugins);
    return { plugins: plugins.map(pluginDocument) };
  }
}
