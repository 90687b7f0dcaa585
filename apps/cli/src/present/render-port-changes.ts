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

/** Which service still looks for a moved port where it was, to be said on stderr. */
export function renderOutdated({ name, moves }: Of<'outdated'>): string {
  const old = moves.map(({ from, to }) => `port ${from?.port} of ${quote(to.serviceName ?? '')}`).join(' and ');
  return `Service ${quote(name)} still runs with the old ${old}: candle restart ${shellWord(name)}`;
}
