import { printable, quote, shellWord } from '@candle/core';
import { isSameService } from './describe-port-owner.ts';
import type { Advice, PortFacts, PortOwner, ReservationDetails } from './port-report.ts';

/** Who asks: their project, if they are in one, and their user. */
export interface Asker {
  readonly projectDir: string | undefined;
  readonly uid: number;
}

/**
 * What can be done about a port; nothing about one that is free. Gentlest first: to give way comes before to end what is not
 * the asker's own.
 */
export function adviseOnPort(facts: PortFacts, asker: Asker): readonly Advice[] {
  const { owners, containers, reservation } = facts;
  const foreign = owners.filter(({ service }) => service === null);
  // It is Docker's own program that listens for a container: to end it would help nobody.
  const plain = containers.length > 0 ? foreign.filter((owner) => !mayBeOfDocker(owner)) : foreign;
  const isOwn = ({ service }: PortOwner) => service !== null && service.projectDir === asker.projectDir;
  return [
    ...stopServices(owners.filter(isOwn), asker),
    ...(reservation === null ? [] : adviseOnReservation(reservation, facts, asker)),
    ...stopServices(
      owners.filter((owner) => !isOwn(owner)),
      asker,
    ),
    ...containers.map(({ name }) => ({
      command: `docker stop ${shellWord(name)}`,
      purpose: `to stop the container ${quote(name)}`,
    })),
    ...plain.filter(({ isWorker }) => !isWorker).map((owner) => endProcess(owner, asker)),
  ];
}

function stopServices(owners: readonly PortOwner[], asker: Asker): readonly Advice[] {
  const services = new Map(owners.flatMap(({ service }) => (service ? [[service.runId, service] as const] : [])));
  return [...services.values()].map(({ name, projectDir }) => ({
    command: `candle kill ${shellWord(name)}${inProject(projectDir, asker)}`,
    purpose: `to stop service ${quote(name)}`,
  }));
}

function endProcess({ pid, port, ...owner }: PortOwner, asker: Asker): Advice {
  if (pid === null) return { command: nameHolder(port), purpose: 'to see which process it is' };
  const isOthers = asker.uid !== 0 && owner.uid !== asker.uid;
  const name = printable(owner.command ?? 'it');
  return { command: `${isOthers ? 'sudo ' : ''}kill ${pid}`, purpose: `to end ${name} (pid ${pid})` };
}

/** Only root sees whose a listener of another user is. */
function nameHolder(port: number): string {
  return process.platform === 'darwin'
    ? `sudo lsof -nP -iTCP:${port} -sTCP:LISTEN`
    : `sudo ss -ltnp 'sport = :${port}'`;
}

/** docker-proxy, Docker Desktop, rootless Docker, OrbStack; of another user's nothing is known. */
function mayBeOfDocker({ pid, command }: PortOwner): boolean {
  return (
    pid === null || /^(docker|com\.docker|rootlessport|rootlesskit|slirp4netns|vpnkit|OrbStack)/i.test(command ?? '')
  );
}

/** What the project can do whose number it is. */
function adviseOnReservation(
  owner: ReservationDetails,
  { owners, containers }: PortFacts,
  asker: Asker,
): readonly Advice[] {
  const { projectDir, serviceName, port } = owner;
  const there = inProject(projectDir, asker);
  const release = { command: `candle release-ports --port ${port}${there}`, purpose: 'to give the number back' };
  const isHeld = owners.length > 0 || containers.length > 0;
  if (owner.isDirectoryGone) return owner.isServiceAlive ? [] : [release];
  if (serviceName === null) return [];
  const name = shellWord(serviceName);
  const isOwnedByItself = owners.some(({ service }) => isSameService(service, { projectDir, name: serviceName }));
  if (isOwnedByItself) return [];
  if (isHeld && owner.canStart) {
    return [
      { command: `candle start ${name} --move${there}`, purpose: `to take another port for ${quote(serviceName)}` },
    ];
  }
  if (isHeld) {
    const again = `candle reserve-port ${name}${there}`;
    return [{ command: `${release.command} && ${again}`, purpose: `to take another port for ${quote(serviceName)}` }];
  }
  if (owner.isServiceAlive) {
    return [
      { command: `candle logs ${name}${there}`, purpose: `to see why ${quote(serviceName)} does not listen on it` },
    ];
  }
  return owner.canStart
    ? [{ command: `candle start ${name}${there}`, purpose: 'to start the service that it is reserved for' }, release]
    : [release];
}

function inProject(projectDir: string, asker: Asker): string {
  return projectDir === asker.projectDir ? '' : ` --project ${shellWord(projectDir)}`;
}
