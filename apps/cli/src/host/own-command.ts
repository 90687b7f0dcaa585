import { CandleCommand, ProjectCommand } from '@candle/cli-kit';
import type { OwnHost } from './own-host.ts';

/** The base of Candle's own commands; they run in no other host than their own. */
export abstract class OwnCommand extends CandleCommand {
  // As it is: for its manifest, oclif looks no further up than to the first class that says nothing.
  static override enableJsonFlag = true;

  protected override get host(): OwnHost {
    return super.host as OwnHost;
  }
}

/** The base of Candle's own commands that are about one project. */
export abstract class OwnProjectCommand extends ProjectCommand {
  static override enableJsonFlag = true;

  protected override get host(): OwnHost {
    return super.host as OwnHost;
  }
}
