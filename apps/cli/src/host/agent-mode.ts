import { isRunByAgent } from '@candle/core';

interface Caller {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { isTTY?: boolean };
  readonly stderr: { isTTY?: boolean };
}

/**
 * Some coding agents run commands in a terminal that no person uses, so Candle and oclif must ignore it. On a terminal, they
 * would ask questions, print colors and keep following output.
 */
export function ignoreTerminalOfAgent({ env, stdout, stderr }: Caller): void {
  if (!isRunByAgent(env)) return;
  for (const stream of [stdout, stderr]) stream.isTTY = false;
}

/** Whether to print the next command to run. Not for a person, not even one who pipes stdout. */
export function wantsNextLine({ stdout, stderr }: Omit<Caller, 'env'>): boolean {
  return stdout.isTTY !== true && stderr.isTTY !== true;
}
