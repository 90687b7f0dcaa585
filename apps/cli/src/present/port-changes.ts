import { advise, candle, type Hint, quote, sentences, showPath } from '@candle/core/errors';
import type { PortClaim } from '@candle/core/ports';
import type { Project } from '@candle/core/projects';
import { describeFallback } from '@candle/core/reservations';
import type { PortChanges } from '@candle/supervisor';
import type { OwnProjectCommand } from '../host/own-command.ts';

type Of<Key extends keyof PortChanges> = PortChanges[Key][number];

/**
 * Returns the callback that reports changes to ports. They are reported at once, because they persist even if a later step
 * fails.
 */
export function portChangeReporter(command: Pick<OwnProjectCommand, 'log' | 'note'>): (changes: PortChanges) => void {
  return ({ fallbacks, kept, moved, outdated }) => {
    for (const move of moved) command.log(renderMove(move));
    for (const claim of fallbacks) noteFallback(claim, (text) => command.note(text));
    for (const port of kept) command.note(renderKept(port));
    for (const services of Map.groupBy(outdated, renderOldValues)) command.note(renderOutdated(...services));
  };
}

/** Reports a port that `start --move` moved. */
function renderMove({ from, to }: Of<'moved'>): string {
  return `[Moved '${to.serviceName}' from port ${from?.port} to ${to.port}]`;
}

/** Explains on stderr why a service did not get the requested port. */
function renderKept({ reservation: { serviceName, port }, preferred }: Of<'kept'>): Hint {
  const name = serviceName ?? '';
  return sentences(
    `${quote(name)} already has reserved port ${port}, so it did not get ${preferred}`,
    advise('To release it, so that the next start reserves the other one', candle('release-ports', name)),
  );
}

/** What a running service still has: `port 4000 of 'api'`, `API_URL`. */
function renderOldValues({ moves, variables }: Of<'outdated'>): string {
  const ports = moves.map(({ from, to }) => `port ${from?.port} of ${quote(to.serviceName ?? '')}`);
  return [...ports, ...variables].join(', ');
}

function renderOutdated(old: string, outdated: PortChanges['outdated']): Hint {
  const names = outdated.map(({ name }) => name);
  const subject = names.length === 1 ? 'Service' : 'Services';
  const verb = names.length === 1 ? 'is still running' : 'are still running';
  return advise(`${subject} ${names.map(quote).join(', ')} ${verb} with the old ${old}`, candle('restart', ...names));
}

/** Reports why a service did not get its preferred port. */
export function noteFallback(claim: PortClaim, note: (text: string) => void): void {
  const sentence = describeFallback(claim);
  if (sentence !== undefined) note(sentence);
}

/** Reports, once, which directory became a project without having been given explicitly. */
export function noteNewProject(project: Project, claim: PortClaim, note: (text: string) => void): void {
  if (project.foundBy === 'new' && claim.isNewProject) {
    note(`New project: ${showPath(project.dir)} (no .candle.json there; to create one: candle init)`);
  }
}
