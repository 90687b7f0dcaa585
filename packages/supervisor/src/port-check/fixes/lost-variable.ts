import { printable } from '@candle/core';
import type { Clues } from './clues.ts';
import { programIn } from './program-in.ts';

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
    program: /(?:^|[ /])sudo /,
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

/** If the port did not reach the listening process: which program dropped it. */
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
  if (lines.some((line) => unsets(line, variable))) {
    return `Its command unsets ${variable}: remove that, or put the port into its command: $${variable}`;
  }
  if (value !== null) {
    return `${variable} is ${printable(value)}, not ${portCheck.port}: something along the way sets it, such as a .env file or a script. Remove that, or put the port into its command: $${variable}`;
  }
  return `${variable} does not reach the process that listens: something along the way drops it. Make that pass it on, or put the port into its command: $${variable}`;
}
