import { CandleCommand } from '@candle/cli-kit';
import type { CandleError } from '@candle/core';
import type { InstalledPlugin } from './load/installed-plugin.ts';
import { openPluginsContext, type PluginsContext } from './plugins-context.ts';

/** The base of the commands about plugins. */
export abstract class PluginsCommand extends CandleCommand {
  protected get context(): PluginsContext {
    return openPluginsContext(this.config, {
      cwd: this.host.currentDirectory,
      onWaiting: () => this.note('Waiting for another command that changes the plugins'),
      onSlow: () => this.note('Still waiting for npm; Ctrl-C leaves everything as it was'),
    });
  }

  /** What is wrong with plugins, beside what the command has to say. */
  protected noteProblems(plugins: readonly InstalledPlugin[]): void {
    for (const { problems } of plugins) for (const problem of problems) this.noteProblem(problem);
  }

  protected noteProblem({ message, hint }: CandleError): void {
    this.note(`Warning: ${message}${hint === undefined ? '' : `\n${hint}`}`);
  }
}
