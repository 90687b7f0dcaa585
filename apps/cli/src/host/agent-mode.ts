import { isRunByAgent } from '@candle/core';

type Caller = Pick<NodeJS.Process, 'env'> & {
  readonly stdout: { readonly isTTY?: boolean };
  readonly stderr: { readonly isTTY?: boolean };
};

/**
 * Is the caller a program: a script, or a coding agent, which may give its commands a terminal? Then nothing asks, paints
 * or stays unless it was told to.
 */
export function isAgentMode({ env, stdout }: Pick<Caller, 'env' | 'stdout'>): boolean {
  return stdout.isTTY !== true || isRunByAgent(env);
}

/** Does the caller want to be told what to run next? A person whose stdout goes through a pipe knows. */
export function wantsNextLine(caller: Caller): boolean {
  return isRunByAgent(caller.env) || (caller.stdout.isTTY !== true && caller.stderr.isTTY !== true);
}
