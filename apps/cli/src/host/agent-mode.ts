import { isRunByAgent } from '@candle/core';

interface Caller {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { isTTY?: boolean };
  readonly stderr: { isTTY?: boolean };
}

/**
 * Some coding agents give their commands a terminal. Nobody sits at it, so it counts as none: for Candle, and for oclif, which
 * would paint its help. Everything that asks, paints or stays does so on a terminal only.
 */
export function ignoreTerminalOfAgent({ env, stdout, stderr }: Caller): void {
  if (!isRunByAgent(env)) return;
  for (const stream of [stdout, stderr]) stream.isTTY = false;
}

/** Does the caller want to be told what to run next? Not a person; nor one whose stdout goes through a pipe. */
export function wantsNextLine({ stdout, stderr }: Omit<Caller, 'env'>): boolean {
  return stdout.isTTY !== true && stderr.isTTY !== true;
}
