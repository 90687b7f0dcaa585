import { quote, shellWord } from '@candle/core';
import type { PortChanges } from '@candle/supervisor';

type Of<Key extends keyof PortChanges> = PortChanges[Key][number];

/** What `start` says of a port that was moved because it was told to. */
export function renderMove({ from, to }: Of<'moved'>): string {
  return `[Moved '${to.serviceName}' from port ${from?.port} to ${to.port}]`;
}

/** Why a service was not given the number that was typed, to be said on stderr. */
export function renderKept({ reservation: { serviceName, port }, preferred }: Of<'kept'>): string {
  const name = serviceName ?? '';
  return `Service ${quote(name)} has port ${port} reserved already, so it was not given ${preferred}. To give it back: candle release-ports ${shellWord(name)}`;
}

/** Who still looks for moved ports where they were, to be said on stderr; undefined when nobody does. */
export function renderOutdated(outdated: PortChanges['outdated']): string | undefined {
  if (outdated.length === 0) return undefined;
  const names = outdated.map(({ name }) => name);
  const moves = new Set(outdated.flatMap((service) => service.moves));
  const old = [...moves].map(({ from, to }) => `port ${from?.port} of ${quote(to.serviceName ?? '')}`).join(', ');
  const who = names.length === 1 ? 'Service' : 'Services';
  const run = names.length === 1 ? 'still runs' : 'still run';
  return `${who} ${names.map(quote).join(', ')} ${run} with the old ${old}: candle restart ${names.map(shellWord).join(' ')}`;
}
