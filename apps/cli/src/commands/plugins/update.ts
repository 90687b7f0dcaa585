import { Args } from '@oclif/core';
import { noPlugins } from '../../plugins/directory/errors.ts';
import { updatePlugins } from '../../plugins/install/update-plugins.ts';
import { pluginDocument } from '../../plugins/installed-plugin.ts';
import { PluginsCommand } from '../../plugins/plugins-context.ts';
import { renderUpdated } from '../../present/plugins.ts';

export default class PluginsUpdate extends PluginsCommand {
  static override summary =
    'Update plugins to the newest version in the range, tag or URL that they were installed with.';
  static override description =
    'Updates each plugin separately: if one cannot be updated, it stays as it is, and the others are still updated.';
  static override args = {
    plugin: Args.string({
      multiple: true,
      ignoreStdin: true,
      description: 'Names of installed plugins. If omitted, all plugins.',
    }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> hosts'];

  async run() {
    const { args } = await this.parse(PluginsUpdate);
    const { updated, failures } = await updatePlugins(args.plugin ?? [], this.context);
    if (updated.length + failures.length === 0) this.log(noPlugins);
    for (const plugin of updated) this.log(renderUpdated(plugin));
    this.noteProblems(updated);
    const [first, ...others] = failures;
    for (const failure of others) this.noteProblem(failure);
    if (first !== undefined) throw first;
    return {
      updated: updated.map((plugin) => ({ ...pluginDocument(plugin), formerVersion: plugin.formerVersion ?? null })),
    };
  }
}
