import { printable } from '@candle/core';
import type { Clues } from './clues.ts';
import { programIn } from './program-in.ts';

interface Stripper {
  /** Recognises the text of `programIn`, or the whole line of a program that only carries out another one. */
  readonly program: RegExp;
  readonly advice: (variable: string) => string;
}

/** Programs that do not hand on the whole environment, and how they are told to. */
const strippers: readonly Stripper[] = [
  {
    program: /^turbo\b/,
    advice: (variable) =>
      `turbo does not pass ${variable} on. In turbo.json: "globalPassThroughEnv": ["${variable}"], or in its command: turbo run --env-mode=loose`,
  },
  {
    program: /(?:^|[ /])sudo /,
    advice: (variable) => `sudo does not pass ${variable} on: sudo --preserve-env=${variable} …`,
  },
  {
    program: /(?:^|[ /])env (?:.* )?(?:-i|--ignore-environment|-)(?: |$)/,
    advice: (variable) => `env -i does not pass ${variable} on: env -i ${variable}="$${variable}" …`,
  },
];

/** `env -u PORT`, `unset PORT`. */
function isTakenAway(line: string, variable: string): boolean {
  return new RegExp(`(?:\\benv .*(?:-u ?|--unset[= ])|\\bunset )${variable}\\b`).test(line);
}

/** When the process that listens was not told the port: who has kept it from it. */
export function fixForLostVariable({
  portCheck,
  shell,
  script,
  commandLines,
  variables,
  value,
}: Clues): string | undefined {
  const [variable] = variables;
  if (variable === undefined || value === undefined || value === String(portCheck.port)) return undefined;
  const lines = [...commandLines, script?.text ?? '', shell];
  for (const { program, advice } of strippers) {
    if (lines.some((line) => program.test(programIn(line)) || program.test(line))) return advice(variable);
  }
  if (lines.some((line) => isTakenAway(line, variable))) {
    return `Its command takes ${variable} away: leave that out, or put the number into its command: $${variable}`;
  }
  if (value !== null) {
    return `Its ${variable} is ${printable(value)} and not ${portCheck.port}: something on the way sets it, such as a .env file or a script. Let that go, or put the number into its command: $${variable}`;
  }
  return `${variable} does not reach the process that listens: something on the way drops it. Let that pass it on, or put the number into its command: $${variable}`;
}
