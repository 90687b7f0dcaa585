import { constants } from 'node:os';
import type { Run } from '@candle/core/runs';
import type { OwnProjectCommand } from '../host/own-command.ts';
import { loadUsedParts } from '../host/run-own-command.ts';

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** A shell reports that signal N ended a program as exit code 128 + N. */
const signalOffset = 128;

/**
 * Runs `work` in a process that its services must not outlive, and then stops those that it has started, whether it
 * succeeds, fails or gets a signal. A second signal ends this process at once, and the supervisor stops the services.
 * `signal`: the work should end now.
 */
export async function inForeground(
  command: OwnProjectCommand,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const { supervision, attendSupervisor } = await command.supervise();
  loadUsedParts(command.config.root);
  const ending = new AbortController();
  const leaving = new AbortController();
  const onSignal = (name: (typeof endSignals)[number]) => {
    const exitCode = signalOffset + constants.signals[name];
    if (ending.signal.aborted) process.exit(exitCode);
    process.exitCode = exitCode;
    ending.abort(new Error(`ended by ${name}`));
  };
  // The usual reaction would end the process.
  process.removeAllListeners('SIGINT');
  for (const name of endSignals) process.on(name, onSignal);
  void attendSupervisor(supervision, leaving.signal);
  try {
    await work(ending.signal);
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  } finally {
    await stopOwn(command);
    leaving.abort();
  }
}

/** Stops what this process has started, in any project. */
async function stopOwn(command: OwnProjectCommand): Promise<void> {
  const { supervision, onWaiting, listOwnedRuns, stopOwnedRuns } = await command.supervise();
  const list = () => listOwnedRuns(supervision, supervision.self);
  const onStopped = ({ serviceName }: Run) => command.note(`Stopped '${serviceName}'`);
  // A start that was under way may add a run.
  for (let runs = await list(); runs.length > 0; runs = await list()) {
    await stopOwnedRuns(supervision, runs, { onWaiting, onStopped });
  }
}
