import { openProcessTable } from '../supervision.ts';
import { closeInherited, eventEnvironment, noDebugger } from '../system/background-process.ts';
import { claimRunnerStart, hasRunner } from './runner-record.ts';

export interface EventRunnerProgram {
  /** Path of the Node that runs this process. */
  readonly node: string;
  readonly script: string;
}

/**
 * Makes sure that a process delivers the queued events, without waiting for any plugin. The process is detached and inherits
 * neither file descriptors nor, except for `eventEnvironment`, variables from the caller.
 */
export async function startEventRunner(
  stateDir: string,
  { node, script }: EventRunnerProgram,
  callerEnv: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  if (hasRunner(stateDir, await openProcessTable()) || !claimRunnerStart(stateDir, Date.now())) return;
  const { execa } = await import('execa');
  closeInherited();
  const runner = execa(node, [noDebugger, script, stateDir], {
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
