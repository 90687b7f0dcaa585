import { advise, andThen, candle, type Hint, lines, printable, sentences } from '@candle/core/errors';
import { commandsIn, programIn } from '@candle/core/programs';
import { type ReservedPortCheck, renderPortNumbers, servesPort } from '../port-check.ts';
import { type CommandClues, fixForFramework } from './framework-fix.ts';
import { adviseOnHolder, type NumberHolder } from './number-holder.ts';
import { adviseOnFixedPort } from './own-port.ts';

/** What is known about a run whose port check is not fine. */
export interface Clues extends CommandClues {
  readonly portCheck: ReservedPortCheck;
  /** The value of the first variable in the listening process; null if it is not set, undefined if it cannot be read. */
  readonly value: string | null | undefined;
  /** The variable that contains the number on which it listens, if one was found. */
  readonly holder?: NumberHolder | undefined;
}

/** A server that looks for a free port starts at the one it was given, and tries only a few. */
const maxSlide = 10;

/** Chooses what to do about a port check that is not fine: a sentence with something to paste. Pure. */
export function chooseFix(clues: Clues): Hint {
  switch (clues.portCheck.status) {
    case 'conflict':
      return fixForConflict(clues);
    case 'not-listening':
      return fixForContainer(clues) ?? fixForNotListening(clues);
    default:
      return (
        fixForLostVariable(clues, clues.portCheck.port) ??
        fixForSlide(clues) ??
        fixForKnownNumber(clues) ??
        fixForSlideOrNumber(clues) ??
        fixForOwnNumber(clues)
      );
  }
}

type NumberClues = CommandClues & Pick<Clues, 'holder'>;

/** If it is known where the number comes from on which the program listens. */
function fixForKnownNumber(clues: NumberClues): string | undefined {
  return fixForFramework(clues) ?? fixForContainer(clues) ?? (clues.holder && adviseOnHolder(clues.holder, clues));
}

/**
 * What to do about a program that has ended because it could not listen on a port other than its reserved one. `isKnown`: it
 * was found out why it uses that port. Pure.
 */
export function fixForUsedNumber(
  clues: NumberClues,
  { port, used }: { readonly port: number; readonly used: number },
): { readonly fix: string; readonly isKnown: boolean } {
  const { variables, holder } = clues;
  const isSet = holder !== undefined && holder.variable === variables[0];
  const value = String(isSet ? used : port);
  const known =
    fixForDroppedVariable(clues) ?? fixForLostVariable({ ...clues, value }, port) ?? fixForKnownNumber(clues);
  const fix = known ?? makeItReadPort({ variables, value, instead: String(used) });
  return { fix, isKnown: known !== undefined };
}

function fixForConflict(clues: Clues): Hint {
  const { portCheck, serviceName, startVerb = 'start' } = clues;
  const who = candle('who-has', String(portCheck.port));
  if (servesPort(portCheck)) return advise('Which of the two processes responds depends on the address', who);
  const strict = hasSlid(portCheck) ? fixForFramework(clues) : undefined;
  const move = advise(
    'To identify that process and take another port',
    andThen(who, candle(startVerb, serviceName, '--move')),
  );
  return strict === undefined ? move : lines(move, strict);
}

function hasSlid({ port, listensOn }: ReservedPortCheck): boolean {
  return listensOn.some((other) => other > port && other <= port + maxSlide);
}

/** It was given the right port, which was briefly in use by the previous run or by a process that has since gone. */
function fixForSlide({ portCheck, serviceName, commandLines }: Clues): Hint | undefined {
  const { port } = portCheck;
  const wasGiven = commandLines.some((line) => new RegExp(`(?<!\\d)${port}(?!\\d)`).test(line));
  if (!wasGiven || !hasSlid(portCheck)) return undefined;
  return advise(
    `It was given ${port}, but that port was in use at startup and it took the next free one`,
    candle('restart', serviceName),
  );
}

/** It may have read its port and moved on to the next one, or its code may contain the next port by coincidence. */
function fixForSlideOrNumber({ portCheck, serviceName, variables, value }: Clues): Hint | undefined {
  const { port, listensOn } = portCheck;
  const [variable] = variables;
  if (value !== String(port) || !hasSlid(portCheck)) return undefined;
  return sentences(
    `${variable} is ${port}`,
    advise(`If ${port} was in use at startup and it took the next free port`, candle('restart', serviceName)),
    `If ${renderPortNumbers(listensOn)} is set in its code: make it read ${variable}`,
  );
}

const containerPrograms = /^(?:docker|podman|nerdctl)(?:-compose)? /;

/** The processes of a container are not children of the run. Only its published ports are reachable. */
function fixForContainer({ shell, script, commandLines }: CommandClues): string | undefined {
  const lines = [...commandsIn(shell), ...commandsIn(script?.text ?? ''), ...commandLines];
  const program = lines.map(programIn).find((line) => containerPrograms.test(`${line} `));
  if (program === undefined) return undefined;
  const isCompose = /compose/.test(program);
  return isCompose
    ? `A container is reachable only at the port that it publishes. In its compose file: ports: ["$PORT:80"], with the container's own port instead of 80`
    : "A container is reachable only at the port that it publishes: docker run -p $PORT:80 …, with the container's own port instead of 80";
}

/**
 * A transient service has no configuration to change. A port in the configuration must be removed there, or it is reserved
 * again.
 */
function fixForNotListening({ serviceName, definition }: Clues): Hint {
  const release = candle('release-ports', serviceName);
  if (definition === undefined || definition.isTransient)
    return advise('If it never listens, release its port', release);
  const undo = definition.port === undefined ? 'release its port' : 'remove "port" there and release the port';
  return advise(`If it never listens, set "ready": false in .candle.json, or ${undo}`, release);
}

function fixForOwnNumber(clues: Clues): Hint {
  const { portCheck, variables, value, serviceName } = clues;
  const tell = makeItReadPort({ variables, value, instead: renderPortNumbers(portCheck.listensOn) });
  if (variables.length === 0) return tell;
  return lines(tell, ...adviseOnFixedPort(clues, portCheck.listensOn, candle('release-ports', serviceName)));
}

function makeItReadPort({
  variables: [variable],
  value,
  instead,
}: Pick<Clues, 'variables' | 'value'> & { readonly instead: string }): string {
  if (variable === undefined) {
    return `No variable passes the port to it: set "portEnv" to the one that it reads, for example "PORT", or put the port into its command`;
  }
  const advice = `make it read ${variable}, or set "portEnv" to the variable that it reads`;
  if (value === undefined) return `${advice.slice(0, 1).toUpperCase()}${advice.slice(1)}`;
  return `${variable} is ${value}, so ${instead} is set in its code or configuration: ${advice}`;
}

interface Stripper {
  /** Matches the result of `programIn`, or the whole command line of a program that only runs another one. */
  readonly program: RegExp;
  readonly advice: (variable: string) => string;
}

/** Programs that do not pass on the whole environment, and how to make them do it. */
const strippers: readonly Stripper[] = [
  {
    program: /^turbo\b/,
    advice: (variable) =>
      `turbo does not pass ${variable} on. In turbo.json: "globalPassThroughEnv": ["${variable}"], or in its command: turbo run --env-mode=loose`,
  },
  {
    program: /(?:^|[ /])sudo (?!.*(?:-E|--preserve-env))/,
    advice: (variable) => `sudo does not pass ${variable} on: sudo --preserve-env=${variable} …`,
  },
  {
    program: /(?:^|[ /])env (?:.* )?(?:-i|--ignore-environment|-)(?: |$)/,
    advice: (variable) => `env -i does not pass ${variable} on: env -i ${variable}="$${variable}" …`,
  },
];

/** `env -u PORT`, `unset PORT`. */
function unsets(line: string, variable: string): boolean {
  return new RegExp(`(?:\\benv .*(?:-u ?|--unset[= ])|\\bunset )${variable}\\b`).test(line);
}

/** If a program of the command does not pass on the variable. */
function fixForDroppedVariable({ shell, script, commandLines, variables: [variable] }: CommandClues) {
  if (variable === undefined) return undefined;
  const lines = [...commandLines, script?.text ?? '', shell];
  for (const { program, advice } of strippers) {
    if (lines.some((line) => program.test(programIn(line)) || program.test(line))) return advice(variable);
  }
  if (!lines.some((line) => unsets(line, variable))) return undefined;
  return `Its command unsets ${variable}: remove that, or put the port into its command: $${variable}`;
}

/** If the port did not reach the listening process: which program dropped it. */
function fixForLostVariable(clues: NumberClues & Pick<Clues, 'value'>, port: number): string | undefined {
  const { variables, value, holder } = clues;
  const [variable] = variables;
  if (variable === undefined || value === undefined || value === String(port)) return undefined;
  const dropped = fixForDroppedVariable(clues);
  if (dropped !== undefined) return dropped;
  if (value !== null) {
    const where =
      holder?.variable === variable
        ? `it is set in ${printable(holder.place)}`
        : 'something along the way sets it, such as a .env file or a script';
    return `${variable} is ${printable(value)}, not ${port}: ${where}. Remove that, or put the port into its command: $${variable}`;
  }
  return `${variable} does not reach the process that listens: something along the way drops it. Make that pass it on, or put the port into its command: $${variable}`;
}
