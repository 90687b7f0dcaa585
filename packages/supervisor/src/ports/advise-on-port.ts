import { printable, quote, shellWord } from '@candle/core';
import { isSameService } from './describe-port-owner.ts';
import type { Advice, PortFacts, PortOwner, ReservationDetails } from './port-report.ts';

/** The caller: their project, if they are in one, and their user. */
export interface Requester {
  readonly projectDir: string | undefined;
  readonly uid: number;
}

/**
 * Lists what the requester can do about a port; nothing if it is free. The gentlest advice comes first: moving to another port
 * before stopping something that belongs to someone else.
 */
export function adviseOnPort(facts: PortFacts, requester: Requester): readonly Advice[] {
  const { owners, containers, reservation } = facts;
  const foreign = owners.filter(({ service }) => service === null);
  // The process that listens for a container belongs to Docker. Stopping it would not help.
  const plain = containers.length > 0 ? foreign.filter((owner) => !mayBeOfDocker(owner)) : foreign;
  const isOwn = ({ service }: PortOwner) => service !== null && service.projectDir === requester.projectDir;
  return [
    ...stopServices(owners.filter(isOwn), requester),
    ...(reservation === null ? [] : adviseOnReservation(reservation, facts, requester)),
    ...stopServices(
      owners.filter((owner) => !isOwn(owner)),
      requester,
    ),
    ...containers.map(({ name }) => ({
      command: `docker stop ${shellWord(name)}`,
      purpose: `to stop the container ${quote(name)}`,
    })),
    ...plain.filter(({ isWorker }) => !isWorker).map((owner) => endProcess(owner, requester)),
  ];
}

function stopServices(owners: readonly PortOwner[], requester: Requester): readonly Advice[] {
  const services = new Map(owners.flatMap(({ service }) => (service ? [[service.runId, service] as const] : [])));
  return [...services.values()].map(({ name, projectDir }) => ({
    command: `candle kill ${shellWord(name)}${inProject(projectDir, requester)}`,
    purpose: `to stop service ${quote(name)}`,
  }));
}

function endProcess({ pid, port, ...owner }: PortOwner, requester: Requester): Advice {
  if (pid === null) return { command: listListenersCommand(port), purpose: 'to see which process it is' };
  const isOthers = requester.uid !== 0 && owner.uid !== requester.uid;
  const name = printable(owner.command ?? 'it');
  return { command: `${isOthers ? 'sudo ' : ''}kill ${pid}`, purpose: `to end ${name} (pid ${pid})` };
}

/** Only root can see which process of another user is listening. */
function listListenersCommand(port: number): string {
  return process.platform === 'darwin'
    ? `sudo lsof -nP -iTCP:${port} -sTCP:LISTEN`
    : `sudo ss -ltnp 'sport = :${port}'`;
}

/** docker-proxy, Docker Desktop, rootless Docker, OrbStack. A process of another user cannot be identified, so it may be one. */
function mayBeOfDocker({ pid, command }: PortOwner): boolean {
  return (
    pid === null || /^(docker|com\.docker|rootlessport|rootlesskit|slirp4netns|vpnkit|OrbStack)/i.test(command ?? '')
  );
}

/** What the project that has reserved the port can do. */
function adviseOnReservation(
  reservation: ReservationDetails,
  { owners, containers }: PortFacts,
  requester: Requester,
): readonly Advice[] {
  const { projectDir, serviceName, port } = reservation;
  const there = inProject(projectDir, requester);
  const release = { command: `candle release-ports --port ${port}${there}`, purpose: 'to release the port' };
  const isInUse = owners.length > 0 || containers.length > 0;
  if (reservation.isDirectoryGone) return reservation.isServiceAlive ? [] : [release];
  if (serviceName === null) return [];
  const name = shellWord(serviceName);
  const isOwnedByItself = owners.some(({ service }) => isSameService(service, { projectDir, name: serviceName }));
  if (isOwnedByItself) return [];
  if (isInUse && reservation.canStart) {
    return [
      { command: `candle start ${name} --move${there}`, purpose: `to take another port for ${quote(serviceName)}` },
    ];
  }
  if (isInUse) {
    const again = `candle reserve-port ${name}${there}`;
    return [{ command: `${release.command} && ${again}`, purpose: `to take another port for ${quote(serviceName)}` }];
  }
  if (reservation.isServiceAlive) {
    return [
      { command: `candle logs ${name}${there}`, purpose: `to see why ${quote(serviceName)} does not listen on it` },
    ];
  }
  return reservation.canStart
    ? [{ command: `candle start ${name}${there}`, purpose: 'to start the service that it is reserved for' }, release]
    : [release];
}

function inProject(projectDir: string, requester: Requester): string {
  return projectDir === requester.projectDir ? '' : ` --project ${shellWord(projectDir)}`;
}
