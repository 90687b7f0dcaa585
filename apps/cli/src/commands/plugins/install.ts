import { Args } from '@oclif/core';
import { installPlugins } from '../../plugins/install/install-plugins.ts';
import { pluginDocument } from '../../plugins/installed-plugin.ts';
import { PluginsCommand } from '../../plugins/plugins-context.ts';
import { renderInstalled } from '../../present/plugins.ts';

export default class PluginsInstall extends PluginsCommand {
  static override summary = 'Install plugins: all of them, or none if one fails.';
  static override description = [
    'A name without a scope, like hosts, always means @candle/plugin-hosts. For other plugins, use the full name:',
    '@someone/their-plugin or candle-plugin-theirs. For a tarball, use its path or URL; for a repository, its URL.',
    'Candle uses its own copy of npm, which follows your npm settings. To use another registry, set CANDLE_NPM_REGISTRY.',
  ].join(' ');
  static override aliases = ['plugins:add'];
  static override args = {
    plugin: Args.string({
      required: true,
      multiple: true,
      ignoreStdin: true,
      description: 'NAME, NAME@VERSION, a tarball or a URL.',
    }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> hosts',
    '<%= config.bin %> <%= command.id %> @someone/their-plugin@1.2.0',
    '<%= config.bin %> <%= command.id %> ./candle-plugin-theirs-1.2.0.tgz',
    '<%= config.bin %> <%= command.id %> git+https://github.com/someone/their-plugin.git',
  ];

  async run() {
    const { args } = await this.parse(PluginsInstall);
    const installed = await installPlugins(args.plugin, this.context);
    for (const plugin of installed) this.log(renderInstalled(plugin));
    this.noteProblems(installed);
    return {
      installed: installed.map((plugin) => ({
        ...pluginDocument(plugin),
        formerVersion: plugin.formerVersion ?? null,
      })),
    };
  }
}
