import type { PortChanges } from '@candle/supervisor';
import { noteFallback } from '../present/note-fallback.ts';
import { renderKept, renderMove, renderOutdated } from '../present/render-port-changes.ts';
import { ServiceCommand } from './service-command.ts';

/** What the commands share that see to the ports of the whole project before they do their work. */
export abstract class PortsCommand extends ServiceCommand {
  /** Told at once: what happens to ports stays, also when something else fails afterwards. */
  protected readonly tellPorts = ({ fallbacks, kept, moved, outdated }: PortChanges): void => {
    for (const move of moved) this.log(renderMove(move));
    for (const claim of fallbacks) noteFallback(claim, (text) => this.note(text));
    for (const port of kept) this.note(renderKept(port));
    const late = renderOutdated(outdated);
    if (late !== undefined) this.note(late);
  };
}
