import { CandleCommand } from '@candle/cli-kit';
import type { CandleError } from '@candle/core/errors';
import type { InstalledPlugin } from './installed-plugin.ts';
import { openPluginsContext, type PluginsContext } from './plugins-context.ts';

/** The base of the commands about plugins. */
export abstract class PluginsCommand extends CandleCommand {
  protected get context(): PluginsContext {
    return openPluginsContext(this.config, {
      cwd: this.host.currentDirectory,
      onWaiting: () => this.note('Waiting for another command that is changing the plugins'),
      onSlow: () => this.note('Still waiting for npm; Ctrl-C cancels without changing anything'),
    });
  }

  /** Prints the problems of plugins in addition to the output of the command. */
  protected noteProblems(plugins: readonly InstalledPlugin[]): void {
    for (const { problems } of plugins) for (const problem of problems) this.noteProblem(problem);
  }

  protected noteProblem({ message, hint }: CandleError): void {
    this.note(`Warning: ${message}${hint === undefined ? '' : `\n${hint}`}`);
  }
}
