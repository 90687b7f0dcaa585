import type { Outcomes, StartedService } from '@candle/supervisor';
import { nextOf } from '../present/next-of.ts';
import { renderStarted, renderTrouble } from '../present/render-started.ts';
import { ServiceCommand } from './service-command.ts';
import { withWaitValues } from './wait-flag.ts';

/** What the commands that start services share. */
export abstract class StartCommand extends ServiceCommand {
  protected override async init(): Promise<void> {
    this.argv = withWaitValues(this.argv);
    await super.init();
  }

  /** Tells what was started, then what failed. */
  protected async presentStarted(outcomes: Outcomes<StartedService>) {
    const { startedDocument, throwFailures, describeContract } = await this.host.useCases();
    for (const started of outcomes.done) {
      this.log(renderStarted(started));
      const trouble = renderTrouble(started, describeContract);
      if (trouble !== undefined) this.note(trouble);
    }
    throwFailures(outcomes);
    return { services: outcomes.done.map(startedDocument) };
  }

  protected noteNextAfter({ done }: Outcomes<StartedService>): void {
    const next = nextOf(done);
    if (next !== undefined) this.noteNext(next);
  }
}
