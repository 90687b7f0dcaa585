import { type Advice, advise, andThen, type Command, candle, printable, program, quote } from '@candle/core/errors';
import { ownerOfPort } from '@candle/core/ports';
import { readProjectContext } from '@candle/core/projects';
import { serviceStatus, statusLabel } from '@candle/core/runs';
import { findDefinition, readKnownServices, type ServiceKey } from '@candle/core/services';
import { observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import { isSameService, mayBeOwner } from './describe-port-owner.ts';
import { findPortOwners } from './find-port-owners.ts';
import type { PortFacts, PortOwner, PortReport, ReservationDetails } from './port-report.ts';
import { findPublishedContainers } from './published-containers.ts';

export interface WhoHasInput {
  /** 1 to 65535. */
  readonly port: number;
  /** The project of the caller. Advised commands omit `--project` for it. */
  readonly projectDir?: string | undefined;
}

/** Reports which processes use a port, who has reserved it, and what to do about it. Read-only. */
export async function whoHas(supervision: Supervision, { port, projectDir }: WhoHasInput): Promise<PortReport> {
  // Runs in parallel with the rest. It never rejects.
  const findingContainers = findPublishedContainers(supervision, port);
  const owners = await findPortOwners(supervision, [port]);
  const reservation = await findReservationDetails(supervision, port, owners);
  const facts = { port, owners, reservation: reservation ?? null, containers: await findingContainers };
  return {
    ...facts,
    advice: adviseOnPort(facts, { projectDir, uid: process.geteuid?.() ?? 0, verb: supervision.startVerb }),
  };
}

async function findReservationDetails(
  supervision: Supervision,
  port: number,
  owners: readonly PortOwner[],
): Promise<ReservationDetails | undefined> {
  const reservation = await supervision.store.reservations.findByPort(port);
  if (reservation === undefined) return undefined;
  const { projectDir, serviceName } = reservation;
  const name = serviceName === null ? null : await findOwnerName(supervision, { projectDir, serviceName }, owners);
  const details = { ...reservation, ...readProjectContext(projectDir), ownerName: name };
  if (name === null) return { ...details, status: null, isServiceAlive: false, canStart: false };
  const key = { projectDir, name };
  const { label, isAlive } = await readServiceStatus(supervision, key);
  const isListening = owners.some(({ service }) => isSameService(service, key));
  // A service that is listening has already been started, so its definition need not be looked up.
  const canStart = isListening || findDefinition(await readKnownServices(supervision, projectDir), name) !== undefined;
  return { ...details, status: label, isServiceAlive: isAlive, canStart };
}

/** The service for which a port is reserved; null for a program that Candle does not start. */
async function findOwnerName(
  { readConfig }: Supervision,
  { projectDir, serviceName }: { projectDir: string; serviceName: string },
  owners: readonly PortOwner[],
): Promise<string | null> {
  const listening = owners.find(({ service }) => mayBeOwner(service, { projectDir, name: serviceName }))?.service;
  return listening?.name ?? ownerOfPort((await readConfig(projectDir)).config, serviceName);
}

/** The status of a service as `list` reports it. */
async function readServiceStatus(
  supervision: Supervision,
  key: ServiceKey,
): Promise<{ readonly label: string; readonly isAlive: boolean }> {
  const { store } = supervision;
  const run = (await store.runs.listOfService(key.projectDir, key.name)).at(-1);
  const observed = run && (await observeRun(supervision, run));
  const status = serviceStatus(observed, (await store.services.find(key))?.request.verb === 'kill');
  const { isAlive = false, exitCode = null } = observed ?? {};
  return { label: statusLabel({ status, isAlive, exitCode }), isAlive };
}

/** The caller: their project, if they are in one, and their user. */
interface Requester {
  readonly projectDir: string | undefined;
  readonly uid: number;
  readonly verb: Supervision['startVerb'];
}

/**
 * Lists what the requester can do about a port; nothing if it is free. The gentlest advice comes first: moving to another port
 * before stopping something that belongs to someone else.
 */
function adviseOnPort(facts: PortFacts, requester: Requester): readonly Advice[] {
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
  const { projectDir, ownerName, serviceName, port } = reservation;
  const there = inProject(projectDir, requester);
  const release = advise('to release the port', candle('release-ports', '--port', String(port), ...there));
  const isInUse = owners.length > 0 || containers.length > 0;
  if (reservation.isDirectoryGone) return reservation.isServiceAlive ? [] : [release];
  if (ownerName === null || serviceName === null) return [];
  const isOwnedByItself = owners.some(({ service }) => isSameService(service, { projectDir, name: ownerName }));
  if (isOwnedByItself) return [];
  if (isInUse && reservation.canStart) {
    return [
      advise(
        `to take another port for ${quote(ownerName)}`,
        candle(requester.verb ?? 'start', ownerName, '--move', ...there),
      ),
    ];
  }
  if (isInUse) {
    const again = candle('reserve-port', serviceName, ...there);
    return [advise(`to take another port for ${quote(serviceName)}`, andThen(release.command, again))];
  }
  if (reservation.isServiceAlive) {
    return [advise(`to see why ${quote(ownerName)} does not listen on it`, candle('logs', ownerName, ...there))];
  }
  return reservation.canStart
    ? [advise('to start the service that it is reserved for', candle('start', ownerName, ...there)), release]
    : [release];
}

function inProject(projectDir: string, requester: Requester): readonly string[] {
  return projectDir === requester.projectDir ? [] : ['--project', projectDir];
}
