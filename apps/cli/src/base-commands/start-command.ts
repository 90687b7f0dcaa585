import type { StartedServices } from '@candle/supervisor';
import { nextOf } from '../present/next-of.ts';
import { renderStarted, renderTrouble } from '../present/render-started.ts';
import { PortsCommand } from './ports-command.ts';
import { withWaitValues } from './wait-flag.ts';

/** Shared by the commands that start services. */
export abstract class StartCommand extends PortsCommand {
  protected override async init(): Promise<void> {
    this.argv = withWaitValues(this.argv);
    await super.init();
  }

  /** Reports what was started, and then throws what failed. */
  protected async reportStarted(outcomes: StartedServices) {
    const { startDocument, throwFailures, describePortCheck } = await this.host.useCases();
    for (const started of outcomes.done) {
      this.log(renderStarted(started));
      const trouble = renderTrouble(started, describePortCheck);
      if (trouble !== undefined) this.note(trouble);
    }
    throwFailures(outcomes);
    return startDocument(outcomes);
  }

  protected noteNextAfter({ done }: StartedServices): void {
    const next = nextOf(done);
    if (next !== undefined) this.noteNext(next);
  }
}
