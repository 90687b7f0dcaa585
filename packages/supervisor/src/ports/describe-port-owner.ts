import { printable, quote, showPath } from '@candle/core/errors';
import { mayBePortOf } from '@candle/core/ports';
import { describeProject } from '@candle/core/projects';
import type { ServiceKey } from '@candle/core/services';
import { localTime } from '@candle/core/system';
import type { OwningService, PortOwner, PortReport, PublishedContainer } from './port-report.ts';

/** Maximum length of a command line in a sentence, in characters. */
const shownCommandLength = 80;

/** Renders a command line for use in a sentence: on one line, without control characters, truncated to `max` characters. */
export function showCommand(commandLine: string, max = shownCommandLength): string {
  const characters = [...commandLine];
  const isLong = characters.length > max;
  return printable(isLong ? `${characters.slice(0, max).join('')}…` : commandLine);
}

/** `node server.js (pid 4711)`, or `a program of user root` for a process of another user. */
export function describePortOwner({ pid, commandLine, user, uid }: PortOwner): string {
  if (pid !== null) return `${showCommand(withoutDirectory(commandLine ?? 'a process'))} (pid ${pid})`;
  return uid === null ? 'another program' : `a program of user ${user === null ? uid : printable(user)}`;
}

/** The arguments matter more than the directory of the program. */
function withoutDirectory(commandLine: string): string {
  return commandLine.replace(/^\/\S*\/(?=\S)/, '');
}

/** The owners of a port, as the object of a sentence. */
export function describePortOwners({ owners, containers }: Pick<PortReport, 'owners' | 'containers'>): string {
  const [container] = containers;
  if (container) return describeContainer(container);
  const [first, ...others] = owners;
  if (!first) return 'another program';
  return `${describePortOwner(first)}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}

export function describeContainer({ name, image }: PublishedContainer): string {
  return `Docker container ${quote(name)} (${showCommand(image)})`;
}

/** `service 'api' of project /home/ada/shop (branch main)` */
export function describeServiceOf(service: OwningService): string {
  return `service ${quote(service.name)} of project ${describeProject(service)}`;
}

/**
 * Where it runs, since when, and as which user: `in /home/ada/shop, since 1/23/2026, 10:30:00 AM, as user ada`; undefined if
 * nothing is known.
 */
export function describeCircumstances({ cwd, isCwdGone, startedAtMs, user, pid }: PortOwner): string | undefined {
  const parts = [
    ...(cwd === null ? [] : [`in ${showPath(cwd)}${isCwdGone ? ' (deleted)' : ''}`]),
    ...(startedAtMs === null ? [] : [`since ${localTime(startedAtMs)}`]),
    ...(user === null || pid === null ? [] : [`as user ${printable(user)}`]),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** What the user should know about the owner of the port before deciding, one fact per line. */
export function describeConflict({ owners }: Pick<PortReport, 'owners'>): readonly string[] {
  const [owner] = owners;
  const circumstances = owner && describeCircumstances(owner);
  return [
    ...(circumstances === undefined ? [] : [`It runs ${circumstances}`]),
    ...(owner?.service ? [`It belongs to ${describeServiceOf(owner.service)}`] : []),
  ];
}

/** Whether a port with this reservation can be one of the service: its own, or a further one. */
export function mayBeOwner(service: OwningService | null, { projectDir, name }: ServiceKey): boolean {
  return service !== null && service.projectDir === projectDir && mayBePortOf(service.name, name);
}

export function isSameService(service: OwningService | null, key: ServiceKey): boolean {
  return service !== null && service.name === key.name && service.projectDir === key.projectDir;
}
