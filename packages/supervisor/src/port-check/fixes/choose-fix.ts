import { shellWord } from '@candle/core';
import { servesPort } from '../decide-port-check.ts';
import { renderPorts } from '../describe-port-check.ts';
import type { PortCheck } from '../port-check.ts';
import type { Clues } from './clues.ts';
import { fixForFramework } from './framework-fix.ts';
import { fixForLostVariable } from './lost-variable.ts';
import { programIn } from './program-in.ts';
import { commandsIn } from './run-script.ts';

/** A server that looks for a free number begins at the one it was told, and does not go far. */
const slideLength = 10;

/** What to do about a contract that is not honoured: a sentence with something to type. Pure. */
export function chooseFix(clues: Clues): string {
  switch (clues.portCheck.status) {
    case 'conflict':
      return fixForConflict(clues);
    case 'not-listening':
      return fixForContainer(clues) ?? fixForNotListening(clues);
    default:
      return (
        fixForLostVariable(clues) ??
        fixForSlide(clues) ??
        fixForFramework(clues) ??
        fixForContainer(clues) ??
        fixForSlideOrNumber(clues) ??
        fixForOwnNumber(clues)
      );
  }
}

function fixForConflict(clues: Clues): string {
  const { portCheck, serviceName } = clues;
  const who = `candle who-has ${portCheck.port}`;
  if (servesPort(portCheck)) return `Which of the two answers depends on the address: ${who}`;
  const strict = hasSlid(portCheck) ? fixForFramework(clues) : undefined;
  const move = `Who that is, and another port: ${who} && candle start ${shellWord(serviceName)} --move`;
  return strict === undefined ? move : `${move}\n${strict}`;
}

function hasSlid({ port, listensOn }: PortCheck): boolean {
  return listensOn.some((other) => other > port && other <= port + slideLength);
}

/** It was told the right number, and that was taken for a moment: by the run before it, or by somebody who has gone. */
function fixForSlide({ portCheck, serviceName, commandLines }: Clues): string | undefined {
  const { port } = portCheck;
  const wasTold = commandLines.some((line) => new RegExp(`(?<!\\d)${port}(?!\\d)`).test(line));
  if (!wasTold || !hasSlid(portCheck)) return undefined;
  return `It was told ${port}, which was taken when it started, and took the next free one: candle restart ${shellWord(serviceName)}`;
}

/** It has read its number, maybe, and nobody knows whether it looks for another one: its code may name the next by chance. */
function fixForSlideOrNumber({ portCheck, serviceName, variables, value }: Clues): string | undefined {
  const { port, listensOn } = portCheck;
  const [variable] = variables;
  if (value !== String(port) || !hasSlid(portCheck)) return undefined;
  return `Its ${variable} is ${port}. If that was taken when it started, and it took the next free one: candle restart ${shellWord(serviceName)}. If ${renderPorts(listensOn)} stands in its code: let it read ${variable}`;
}

const containers = /^(?:docker|podman|nerdctl)(?:-compose)? /;

/** Its processes are nobody's children here, and its ports are those that it publishes. */
function fixForContainer({ shell, script, commandLines }: Clues): string | undefined {
  const lines = [...commandsIn(shell), ...commandsIn(script?.text ?? ''), ...commandLines];
  const program = lines.map(programIn).find((line) => containers.test(`${line} `));
  if (program === undefined) return undefined;
  const isCompose = /compose/.test(program);
  return isCompose
    ? `A container is found at the port that it publishes. In its compose file: ports: ["$PORT:80"], with its own port in place of 80`
    : 'A container is found at the port that it publishes: docker run -p $PORT:80 …, with its own port in place of 80';
}

/** What is written nowhere cannot be changed there, and what the configuration wishes for is reserved again. */
function fixForNotListening({ serviceName, definition }: Clues): string {
  const release = `candle release-ports ${shellWord(serviceName)}`;
  if (definition === undefined || definition.isTransient) return `If it never listens, give its port back: ${release}`;
  const back = definition.port === undefined ? 'give its port back' : 'take "port" out there and give it back';
  return `If it never listens, say so by "ready": false in .candle.json, or ${back}: ${release}`;
}

function fixForOwnNumber({ portCheck, variables, value }: Clues): string {
  const [variable] = variables;
  const instead = renderPorts(portCheck.listensOn);
  if (variable === undefined) {
    return `No variable tells it the port: name the one that it reads, "portEnv": "PORT", or put the number into its command`;
  }
  const known =
    value === undefined ? '' : `Its ${variable} is ${value}, so ${instead} stands in its code or configuration: `;
  const advice = `let it read ${variable}, or name the variable that it reads: "portEnv": "…"`;
  return known === '' ? `${advice.slice(0, 1).toUpperCase()}${advice.slice(1)}` : `${known}${advice}`;
}
