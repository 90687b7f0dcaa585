import type { PortChanges, StartedServices } from '@candle/supervisor';
import { nextOf } from '../present/next-of.ts';
import { renderDisplaced, renderMove, renderOutdated } from '../present/render-port-changes.ts';
import { renderAwaited, renderStarted } from '../present/render-started.ts';
import { ServiceCommand } from './service-command.ts';
import { withWaitValues } from './wait-flag.ts';

/** What the commands that start services share. */
export abstract class StartCommand extends ServiceCommand {
  protected override async init(): Promise<void> {
    this.argv = withWaitValues(this.argv);
    await super.init();
  }

  /** Told at once: what happens to ports stays, also when the start fails. */
  protected readonly tellPorts = ({ displaced, moved, outdated }: PortChanges): void => {
    for (const move of moved) this.log(renderMove(move));
    for (const port of displaced) this.note(renderDisplaced(port));
    for (const service of outdated) this.note(renderOutdated(service));
  };

  /** Tells what was started, then what failed. */
  protected async presentStarted(outcomes: StartedServices) {
    const { startDocument, throwFailures } = await this.host.useCases();
    for (const started of outcomes.done) {
      this.log(renderStarted(started));
      const awaited = renderAwaited(started);
      if (awaited !== undefined) this.note(awaited);
    }
    throwFailures(outcomes);
    return startDocument(outcomes);
  }

  protected noteNextAfter({ done }: StartedServices): void {
    const next = nextOf(done);
    if (next !== undefined) this.noteNext(next);
  }
}
