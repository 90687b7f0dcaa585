import { quote, shellWord, showPath } from '@candle/core';
import type { PortChanges } from '@candle/supervisor';

type Of<Key extends keyof PortChanges> = PortChanges[Key][number];

/** What `start` says of a port that was moved because it was told to. */
export function renderMove({ from, to }: Of<'moved'>): string {
  return `[Moved '${to.serviceName}' from port ${from?.port} to ${to.port}]`;
}

/** Why a service has another number than it prefers, to be said on stderr. */
export function renderDisplaced({ serviceName, preferred, port, by, owner }: Of<'displaced'>): string {
  const name = quote(serviceName);
  switch (by) {
    case 'reserved':
      return `Port ${preferred}, which ${name} prefers, is reserved for ${renderOwner(owner)}: it got ${port}`;
    case 'listener':
      return `Port ${preferred}, which ${name} prefers, is in use by another program: it got ${port}\ncandle who-has ${preferred}`;
    case 'excluded':
      return `Port ${preferred}, which ${name} prefers, is in excludePorts of this project: it got ${port}`;
    case 'kept':
      return `Port ${port} is reserved for ${name} already, so it was not given ${preferred}\ncandle release-ports ${shellWord(serviceName)}`;
  }
}

/** Which service still looks for a moved port where it was, to be said on stderr. */
export function renderOutdated({ name, moves }: Of<'outdated'>): string {
  const old = moves.map(({ from, to }) => `port ${from?.port} of ${quote(to.serviceName ?? '')}`).join(' and ');
  return `Service ${quote(name)} still runs with the old ${old}: candle restart ${shellWord(name)}`;
}

function renderOwner(owner: Of<'displaced'>['owner']): string {
  if (owner === undefined) return 'another project';
  const { serviceName, projectDir } = owner;
  const where = showPath(projectDir);
  return serviceName === null ? `project ${where}` : `service ${quote(serviceName)} of ${where}`;
}
