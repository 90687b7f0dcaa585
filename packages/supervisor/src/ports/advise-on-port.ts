import { type Advice, advise, andThen, type Command, candle, printable, program, quote } from '@candle/core';
import { isSameService } from './describe-port-owner.ts';
import type { PortFacts, PortOwner, ReservationDetails } from './port-report.ts';

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
    ...containers.map(({ name }) => advise(`to stop the container ${quote(name)}`, program('docker', 'stop', name))),
    ...plain.filter(({ isWorker }) => !isWorker).map((owner) => endProcess(owner, requester)),
  ];
}

function stopServices(owners: readonly PortOwner[], requester: Requester): readonly Advice[] {
  const services = new Map(owners.flatMap(({ service }) => (service ? [[service.runId, service] as const] : [])));
  return [...services.values()].map(({ name, projectDir }) =>
    advise(`to stop service ${quote(name)}`, candle('kill', name, ...inProject(projectDir, requester))),
  );
}

function endProcess({ pid, port, ...owner }: PortOwner, requester: Requester): Advice {
  if (pid === null) return advise('to see which process it is', listListeners(port));
  const isOthers = requester.uid !== 0 && owner.uid !== requester.uid;
  const name = printable(owner.command ?? 'it');
  return advise(`to end ${name} (pid ${pid})`, program(...(isOthers ? ['sudo'] : []), 'kill', String(pid)));
}

/** Only root can see which process of another user is listening. */
function listListeners(port: number): Command {
  return process.platform === 'darwin'
    ? program('sudo', 'lsof', '-nP', `-iTCP:${port}`, '-sTCP:LISTEN')
    : program('sudo', 'ss', '-ltnp', `sport = :${port}`);
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
  const release = advise('to release the port', candle('release-ports', '--port', String(port), ...there));
  const isInUse = owners.length > 0 || containers.length > 0;
  if (reservation.isDirectoryGone) return reservation.isServiceAlive ? [] : [release];
  if (serviceName === null) return [];
  const isOwnedByItself = owners.some(({ service }) => isSameService(service, { projectDir, name: serviceName }));
  if (isOwnedByItself) return [];
  if (isInUse && reservation.canStart) {
    return [advise(`to take another port for ${quote(serviceName)}`, candle('start', serviceName, '--move', ...there))];
  }
  if (isInUse) {
    const again = candle('reserve-port', serviceName, ...there);
    return [advise(`to take another port for ${quote(serviceName)}`, andThen(release.command, again))];
  }
  if (reservation.isServiceAlive) {
    return [advise(`to see why ${quote(serviceName)} does not listen on it`, candle('logs', serviceName, ...there))];
  }
  return reservation.canStart
    ? [advise('to start the service that it is reserved for', candle('start', serviceName, ...there)), release]
    : [release];
}

function inProject(projectDir: string, requester: Requester): readonly string[] {
  return projectDir === requester.projectDir ? [] : ['--project', projectDir];
}
