import { describePlace, localTime, printable, quote, type ServiceKey, showPath } from '@candle/core';
import type { HoldingService, PortHolding, PortReport, PublishedContainer } from './port-report.ts';

/** Characters of a command line that a sentence shows. */
const shownCommandLength = 80;

/** A command line inside a sentence: one line, no control characters, and not too long. */
export function showCommand(commandLine: string, longest = shownCommandLength): string {
  const characters = [...commandLine];
  const isLong = characters.length > longest;
  return printable(isLong ? `${characters.slice(0, longest).join('')}…` : commandLine);
}

/** `node server.js (pid 4711)`, or of another user's process `a program of user root`. */
export function describeHolding({ pid, commandLine, user, uid }: PortHolding): string {
  if (pid !== null) return `${showCommand(withoutDirectory(commandLine ?? 'a process'))} (pid ${pid})`;
  return uid === null ? 'another program' : `a program of user ${user === null ? uid : printable(user)}`;
}

/** The arguments say more than where the program lies. */
function withoutDirectory(commandLine: string): string {
  return commandLine.replace(/^\/\S*\/(?=\S)/, '');
}

/** The holders of a port, as the object of a sentence. */
export function describeHoldings({ holdings, containers }: Pick<PortReport, 'holdings' | 'containers'>): string {
  const [container] = containers;
  if (container) return describeContainer(container);
  const [first, ...others] = holdings;
  if (!first) return 'another program';
  return `${describeHolding(first)}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}

export function describeContainer({ name, image }: PublishedContainer): string {
  return `Docker container ${quote(name)} (${showCommand(image)})`;
}

/** `service 'api' of project /home/ada/shop (branch main)` */
export function describeServiceOf(service: HoldingService): string {
  return `service ${quote(service.name)} of project ${describePlace(service)}`;
}

/** Where it runs, since when, as whom: `in /home/ada/shop, since 1/23/2026, 10:30:00 AM, as user ada`; undefined when nothing is known. */
export function describeCircumstances({ cwd, isCwdGone, startedAtMs, user, pid }: PortHolding): string | undefined {
  const parts = [
    ...(cwd === null ? [] : [`in ${showPath(cwd)}${isCwdGone ? ' (deleted)' : ''}`]),
    ...(startedAtMs === null ? [] : [`since ${localTime(startedAtMs)}`]),
    ...(user === null || pid === null ? [] : [`as user ${printable(user)}`]),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** What to know before one decides: a line for each thing. */
export function describeConflict({ holdings }: Pick<PortReport, 'holdings'>): readonly string[] {
  const [holding] = holdings;
  const circumstances = holding && describeCircumstances(holding);
  return [
    ...(circumstances === undefined ? [] : [`It runs ${circumstances}`]),
    ...(holding?.service ? [`It belongs to ${describeServiceOf(holding.service)}`] : []),
  ];
}

export function isSameService(service: HoldingService | null, key: ServiceKey): boolean {
  return service !== null && service.name === key.name && service.projectDir === key.projectDir;
}
