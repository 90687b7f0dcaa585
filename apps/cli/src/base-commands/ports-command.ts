import type { PortChanges } from '@candle/supervisor';
import { noteFallback } from '../present/note-fallback.ts';
import { renderKept, renderMove, renderOutdated } from '../present/render-port-changes.ts';
import { ServiceCommand } from './service-command.ts';

/** Shared by the commands that first prepare the ports of the whole project. */
export abstract class PortsCommand extends ServiceCommand {
  /** Reported at once, because changes to ports persist even if a later step fails. */
  protected readonly reportPorts = ({ fallbacks, kept, moved, outdated }: PortChanges): void => {
    for (const move of moved) this.log(renderMove(move));
    for (const claim of fallbacks) noteFallback(claim, (text) => this.note(text));
    for (const port of kept) this.note(renderKept(port));
    const outdatedNote = renderOutdated(outdated);
    if (outdatedNote !== undefined) this.note(outdatedNote);
  };
}
