import { closeInherited } from '../system/close-inherited.ts';
import { openProcessTable } from '../system/open-process-table.ts';
import { eventEnvironment } from './event-environment.ts';
import { claimRunnerStart, hasRunner } from './runner-record.ts';

export interface EventRunnerProgram {
  /** The Node to run it on: the one that runs this. */
  readonly node: string;
  readonly script: string;
}

/**
 * Sees to it that somebody takes what stands in the queue, and waits for nothing that plugins do: a process of its own, with
 * nothing of its caller but the user.
 */
export async function startEventRunner(
  stateDir: string,
  { node, script }: EventRunnerProgram,
  callerEnv: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  if (hasRunner(stateDir, await openProcessTable()) || !claimRunnerStart(stateDir, Date.now())) return;
  const { execa } = await import('execa');
  closeInherited();
  const runner = execa(node, [script, stateDir], {
    cwd: stateDir,
    env: eventEnvironment(callerEnv),
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    stdio: 'ignore',
  });
  runner.nodeChildProcess.unref();
}
