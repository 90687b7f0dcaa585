import { advise, andThen, candle, type Hint, lines } from '@candle/core/errors';
import type { PortReport } from '../../ports/port-report.ts';
import { helperPorts } from '../port-check.ts';
import { fixForUsedNumber } from './choose-fix.ts';
import type { CommandClues } from './framework-fix.ts';
import type { NumberHolder } from './number-holder.ts';
import { adviseOwnPort } from './own-port.ts';

/** How runtimes and frameworks report that another process already listens on the port. */
const portInUse = /EADDRINUSE|address already in use|already in use|in use by another|already allocated/i;

/**
 * Where the number appears in the error: after a colon (Node, Go, nginx), as "port 5173" (Vite, Angular, Puma, Spring),
 * or after the host in a Python tuple.
 */
const numbers = [/\bport:?\s+(\d{2,5})\b/i, /', (\d{2,5})\)/, /:(\d{2,5})\b/];

const highestPort = 65_535;

/** Node prints the fields of its error object after the message, one per line. */
const nodeErrorField = /^\s*port: (\d{2,5}),?$/;

/**
 * Finds the port that a program failed to listen on in its last lines of output; undefined if they mention none. Pure.
 */
export function findTakenPort(lines: readonly string[]): number | undefined {
  const errors = lines.filter((line) => portInUse.test(line));
  if (errors.length === 0) return undefined;
  const found = [
    ...errors.flatMap((line) => numbers.map((number) => number.exec(line)?.[1])),
    ...lines.map((line) => nodeErrorField.exec(line)?.[1]),
  ];
  return found.map(Number).find((port) => port >= 1 && port <= highestPort);
}

/** A service that could not listen on a port because other processes use it. */
export interface TakenPort {
  readonly clues: CommandClues;
  /** The variable that contains the number of the port, if one was found. */
  readonly holder?: NumberHolder | undefined;
  readonly projectDir: string;
  /** The port that is reserved for the service. */
  readonly reserved: number | null;
  readonly report: PortReport;
}

/** What to do about it. Pure. */
export function adviseOnTakenPort({ clues, holder, projectDir, reserved, report }: TakenPort): Hint {
  const { serviceName, definition, startVerb = 'start' } = clues;
  if (reserved === null) return adviseOwnPort(clues);
  const startAgain = candle(startVerb, serviceName);
  const [first] = report.advice;
  const stopOwner = first
    ? advise(`${first.purpose.charAt(0).toUpperCase()}${first.purpose.slice(1)}`, andThen(first.command, startAgain))
    : advise('To try again', startAgain);
  if (isReservedForIt(report, { serviceName, projectDir })) {
    const isStrict = definition?.port?.kind === 'strict';
    return isStrict ? stopOwner : advise('To take another port for it', candle(startVerb, serviceName, '--move'));
  }
  if (helperPorts.has(report.port)) return stopOwner;
  const { isKnown, fix } = fixForUsedNumber({ ...clues, holder }, { port: reserved, used: report.port });
  return lines(fix, isKnown ? advise('Then start it again', startAgain) : stopOwner);
}

/** The port of the service itself, or one of its further ports. */
function isReservedForIt(
  { reservation }: PortReport,
  { serviceName, projectDir }: Pick<TakenPort, 'projectDir'> & { readonly serviceName: string },
): boolean {
  const name = reservation?.projectDir === projectDir ? reservation.serviceName : null;
  return name !== null && (name === serviceName || name.startsWith(`${serviceName}.`));
}
