import { listPlugins } from '../../plugins/list-plugins.ts';
import { pluginDocument } from '../../plugins/plugin-document.ts';
import { PluginsCommand } from '../../plugins/plugins-command.ts';
import { renderPlugins } from '../../present/render-plugins.ts';

export default class Plugins extends PluginsCommand {
  static override summary = 'List the plugins that are installed or linked.';
  static override description = 'What is wrong with one, and what to do about it, is told on stderr.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run() {
    await this.parse(Plugins);
    const plugins = await listPlugins(this.context);
    this.log(renderPlugins(plugins));
    this.noteProblems(plugins);
    return { plugins: plugins.map(pluginDocument) };
  }
}
