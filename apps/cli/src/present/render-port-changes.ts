import { advise, candle, type Hint, quote, sentences } from '@candle/core';
import type { PortChanges } from '@candle/supervisor';

type Of<Key extends keyof PortChanges> = PortChanges[Key][number];

/** Reports a port that `start --move` moved. */
export function renderMove({ from, to }: Of<'moved'>): string {
  return `[Moved '${to.serviceName}' from port ${from?.port} to ${to.port}]`;
}

/** Explains on stderr why a service did not get the requested port. */
export function renderKept({ reservation: { serviceName, port }, preferred }: Of<'kept'>): Hint {
  const name = serviceName ?? '';
  return sentences(
    `Service ${quote(name)} already has reserved port ${port}, so it did not get ${preferred}`,
    advise('To release it', candle('release-ports', name)),
  );
}

/** Lists on stderr the services that still use the old numbers of moved ports; undefined if there are none. */
export function renderOutdated(outdated: PortChanges['outdated']): Hint | undefined {
  if (outdated.length === 0) return undefined;
  const names = outdated.map(({ name }) => name);
  const moves = new Set(outdated.flatMap((service) => service.moves));
  const old = [...moves].map(({ from, to }) => `port ${from?.port} of ${quote(to.serviceName ?? '')}`).join(', ');
  const subject = names.length === 1 ? 'Service' : 'Services';
  const verb = names.length === 1 ? 'is still running' : 'are still running';
  return advise(`${subject} ${names.map(quote).join(', ')} ${verb} with the old ${old}`, candle('restart', ...names));
}
