import { advise, andThen, candle, type Hint, lines } from '@candle/core/errors';
import type { PortReport } from '../../ports/port-report.ts';
import { type CommandClues, fixForFramework, shellForFramework } from './framework-fix.ts';

/** What to type so that a service without a reserved port gets one and uses it. Pure. */
export function adviseOwnPort(clues: CommandClues, again: 'start' | 'restart'): Hint {
  const { serviceName, definition, shell, script } = clues;
  if (definition === undefined) return 'It is no longer configured, so no port can be reserved for it';
  const usesPort = [shell, script?.text ?? ''].some((text) => /\$\{?PORT\b/.test(text));
  const startAgain = candle(again, serviceName);
  const changed = definition.isTransient && !usesPort ? shellForFramework(clues) : undefined;
  if (changed !== undefined) {
    const root = definition.root === undefined ? [] : ['--root', definition.root];
    const args = ['--shell', changed, ...root, '--port', 'auto'];
    return advise('To start it on a separate port', candle('start', serviceName, ...args));
  }
  const needs = usesPort ? undefined : fixForFramework(clues);
  const reserve =
    definition.port === null
      ? advise('Its configuration says "port": null. To give it a port, set "port": "auto"', startAgain)
      : advise('To reserve a port for it', andThen(candle('reserve-port', serviceName), startAgain));
  return needs === undefined ? reserve : lines(needs, reserve);
}

/** A service that could not listen on a port because other processes use it. */
export interface TakenPort {
  readonly clues: CommandClues;
  readonly projectDir: string;
  /** The port that is reserved for the service. */
  readonly reserved: number | null;
  readonly report: PortReport;
}

/** The one thing to do about it. Pure. */
export function adviseOnTakenPort({ clues, projectDir, reserved, report }: TakenPort): Hint {
  const { serviceName, definition } = clues;
  if (reserved === null) return adviseOwnPort(clues, 'start');
  const startAgain = candle('start', serviceName);
  const [first] = report.advice;
  const stopOwner = first
    ? advise(`${first.purpose.charAt(0).toUpperCase()}${first.purpose.slice(1)}`, andThen(first.command, startAgain))
    : advise('To try again', startAgain);
  if (isReservedForIt(report, { serviceName, projectDir })) {
    const isStrict = definition?.port?.kind === 'strict';
    return isStrict ? stopOwner : advise('To take another port for it', candle('start', serviceName, '--move'));
  }
  const needs = fixForFramework(clues);
  return needs === undefined ? stopOwner : lines(needs, advise('Then start it again', startAgain));
}

/** The port of the service itself, or one of its further ports. */
function isReservedForIt(
  { reservation }: PortReport,
  { serviceName, projectDir }: Pick<TakenPort, 'projectDir'> & { readonly serviceName: string },
): boolean {
  const name = reservation?.projectDir === projectDir ? reservation.serviceName : null;
  return name !== null && (name === serviceName || name.startsWith(`${serviceName}.`));
}
