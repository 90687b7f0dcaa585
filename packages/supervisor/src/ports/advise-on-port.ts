import { quote, shellWord } from '@candle/core';
import { describeHolding, isSameService } from './describe-holding.ts';
import type { Advice, PortFacts, PortHolding, PortOwner } from './port-report.ts';

/** Who asks: their project, if they are in one, and their user. */
export interface Asker {
  readonly projectDir: string | undefined;
  readonly uid: number;
}

/** What can be done about a port, best first; nothing about one that is free. */
export function adviseOnPort(facts: PortFacts, asker: Asker): readonly Advice[] {
  const { holdings, containers, reservation } = facts;
  const foreign = holdings.filter(({ service }) => service === null);
  // It is Docker's own program that listens for a container: to end it would help nobody.
  const plain = containers.length > 0 ? foreign.filter((holding) => !mayBeOfDocker(holding)) : foreign;
  return [
    ...stopServices(holdings, asker),
    ...containers.map(({ name }) => ({
      command: `docker stop ${shellWord(name)}`,
      effect: `stops the container ${quote(name)}`,
    })),
    ...plain.filter(({ isWorker }) => !isWorker).map((holding) => endProcess(holding, asker)),
    ...(reservation === null ? [] : adviseOwner(reservation, facts, asker)),
  ];
}

function stopServices(holdings: readonly PortHolding[], asker: Asker): readonly Advice[] {
  const services = new Map(holdings.flatMap(({ service }) => (service ? [[service.runId, service] as const] : [])));
  return [...services.values()].map(({ name, projectDir }) => ({
    command: `candle kill ${shellWord(name)}${inProject(projectDir, asker)}`,
    effect: `stops service ${quote(name)}`,
  }));
}

function endProcess(holding: PortHolding, { uid }: Asker): Advice {
  const what = describeHolding(holding);
  if (holding.pid === null) return { command: nameHolder(holding.port), effect: `shows which process it is` };
  const isOthers = uid !== 0 && holding.uid !== uid;
  return { command: `${isOthers ? 'sudo ' : ''}kill ${holding.pid}`, effect: `ends ${what}` };
}

/** Only root sees whose a listener of another user is. */
function nameHolder(port: number): string {
  return process.platform === 'darwin'
    ? `sudo lsof -nP -iTCP:${port} -sTCP:LISTEN`
    : `sudo ss -ltnp 'sport = :${port}'`;
}

/** docker-proxy, Docker Desktop, rootless Docker, OrbStack; of another user's nothing is known. */
function mayBeOfDocker({ pid, command }: PortHolding): boolean {
  return (
    pid === null || /^(docker|com\.docker|rootlessport|rootlesskit|slirp4netns|vpnkit|OrbStack)/i.test(command ?? '')
  );
}

/** What the project can do whose number it is. */
function adviseOwner(owner: PortOwner, { holdings, containers }: PortFacts, asker: Asker): readonly Advice[] {
  const { projectDir, serviceName, port } = owner;
  const there = inProject(projectDir, asker);
  const release = { command: `candle release-ports --port ${port}${there}`, effect: 'gives the number back' };
  const isHeld = holdings.length > 0 || containers.length > 0;
  if (owner.isDirectoryGone) return owner.isServiceAlive ? [] : [release];
  if (serviceName === null) return [];
  const name = shellWord(serviceName);
  const isHeldByItself = holdings.some(({ service }) => isSameService(service, { projectDir, name: serviceName }));
  if (isHeldByItself) return [];
  if (isHeld && owner.canStart) {
    return [{ command: `candle start ${name} --move${there}`, effect: `takes another port for ${quote(serviceName)}` }];
  }
  if (isHeld) {
    const again = `candle reserve-port ${name}${there}`;
    return [{ command: `${release.command} && ${again}`, effect: `takes another port for ${quote(serviceName)}` }];
  }
  if (owner.isServiceAlive) {
    return [
      { command: `candle logs ${name}${there}`, effect: `shows why ${quote(serviceName)} does not listen on it` },
    ];
  }
  return owner.canStart
    ? [{ command: `candle start ${name}${there}`, effect: `starts the service that it is reserved for` }, release]
    : [release];
}

function inProject(projectDir: string, asker: Asker): string {
  return projectDir === asker.projectDir ? '' : ` --project ${shellWord(projectDir)}`;
}
