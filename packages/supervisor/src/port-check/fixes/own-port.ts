import { defaultPortEnv } from '@candle/core/config';
import { type Advice, advise, andThen, type Command, candle, type Hint, lines } from '@candle/core/errors';
import { minPreferredPort } from '@candle/core/ports';
import type { StartVerb } from '@candle/core/reservations';
import { type CommandClues, fixForFramework, shellForFramework } from './framework-fix.ts';
import { adviseOnHolder, type NumberHolder } from './number-holder.ts';

/** What to type so that a service that has failed to listen, and has no reserved port, gets one and uses it. Pure. */
export function adviseOwnPort(clues: CommandClues): Hint {
  const { startVerb = 'start' } = clues;
  return adviseKnownProgram(clues, startVerb) ?? adviseReservation(clues, startVerb);
}

/** The same for a service that listens. Of an unknown program, only its author knows whether it reads PORT. Pure. */
export function adviseOnUnreserved(
  clues: CommandClues,
  { listensOn, holder }: { readonly listensOn: readonly number[]; readonly holder: NumberHolder | undefined },
): Hint {
  const known = adviseKnownProgram(clues, 'restart');
  if (known !== undefined) return known;
  if (holder !== undefined) {
    const readsPort = defaultPortEnv.includes(holder.variable);
    const reserve = adviseReservation(clues, 'restart');
    return readsPort ? reserve : lines(adviseOnHolder(holder, { ...clues, variables: defaultPortEnv }), reserve);
  }
  return lines(adviseReservation(clues, 'restart', ', if it reads PORT'), ...adviseOnFixedPort(clues, listensOn));
}

/** What to do if a program cannot be told its port: nothing if it is not one number, or one that cannot be reserved. Pure. */
export function adviseOnFixedPort(
  { serviceName, definition, shell }: CommandClues,
  listensOn: readonly number[],
  release: Command = [],
): readonly Hint[] {
  const [port = 0, ...others] = listensOn;
  if (definition === undefined || port < minPreferredPort || others.length > 0) return [];
  const always = `If it always listens on ${port}`;
  return definition.isTransient
    ? [advise(always, andThen(release, startTransient(serviceName, { ...definition, shell, port })))]
    : [advise(`${always}, set "port": ${port} in .candle.json`, andThen(release, candle('restart', serviceName)))];
}

/** Undefined if nothing is known about how its program gets its port. */
function adviseKnownProgram(clues: CommandClues, again: StartVerb | 'restart'): Hint | undefined {
  const { serviceName, definition, shell, script } = clues;
  if (definition === undefined) return 'It is no longer configured, so no port can be reserved for it';
  const usesPort = [shell, script?.text ?? ''].some((text) => /\$\{?PORT\b/.test(text));
  if (usesPort) return adviseReservation(clues, again);
  const changed = definition.isTransient ? (shellForFramework(clues) ?? withoutPort(shell)) : undefined;
  if (changed !== undefined) {
    const start = startTransient(serviceName, { ...definition, shell: changed, port: 'auto' });
    return advise('To start it on a separate port', start);
  }
  const isSet = withoutPort(shell) !== undefined || withoutPort(script?.text ?? '') !== undefined;
  const needs = isSet ? 'Its command sets PORT: remove that' : fixForFramework(clues);
  return needs === undefined ? undefined : lines(needs, adviseReservation(clues, again));
}

/** A command that sets PORT to a number, without that; undefined for any other command. */
function withoutPort(command: string): string | undefined {
  const changed = command.replace(/(?<![^\s;&|(])PORT=\d+\s+/g, '');
  return changed === command ? undefined : changed;
}

function startTransient(
  name: string,
  { shell, root, port }: { readonly shell: string; readonly root?: string; readonly port: 'auto' | number },
): Command {
  const rootArgs = root === undefined ? [] : ['--root', root];
  return candle('start', name, '--shell', shell, ...rootArgs, '--port', String(port));
}

function adviseReservation(
  { serviceName, definition }: CommandClues,
  again: StartVerb | 'restart',
  condition = '',
): Advice {
  const startAgain = candle(again, serviceName);
  return definition?.port === null
    ? advise(`Its configuration says "port": null. To give it a port${condition}, set "port": "auto"`, startAgain)
    : advise(`To reserve a port for it${condition}`, andThen(candle('reserve-port', serviceName), startAgain));
}
