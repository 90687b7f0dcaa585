import { hash } from 'node:crypto';
import type { ServiceDefinition } from '@candle/core/services';
import type { Supervision } from '../supervision.ts';

/** The commands of a service, as configured: templates are not resolved, so that every worktree has the same. */
export interface ServiceCommands {
  readonly name: string;
  readonly shell: string;
  readonly stopCommand: string | null;
  /** The command of an `exec` readiness check. */
  readonly readyCommand: string | null;
}

/** Called before the commands run. */
export type OnNewCommands = (commands: readonly ServiceCommands[]) => void;

/**
 * The commands among those of the given services that this machine has never started, in any project. Each is returned only
 * once. The command of a transient service is not new to the user, who has typed it.
 */
export async function takeNewCommands(
  { store, clock }: Pick<Supervision, 'store' | 'clock'>,
  definitions: readonly ServiceDefinition[],
): Promise<readonly ServiceCommands[]> {
  const byHash = new Map(
    definitions.filter(({ isTransient }) => !isTransient).map((definition) => [hashOf(definition), definition]),
  );
  const fresh = await store.trust.markShown([...byHash.keys()], clock.nowMs());
  return [...byHash].filter(([key]) => fresh.has(key)).map(([, definition]) => commandsOf(definition));
}

function commandsOf({ name, shell, stopCommand, ready }: ServiceDefinition): ServiceCommands {
  const readyCommand = ready.kind === 'exec' ? ready.shell : null;
  return { name, shell, stopCommand: stopCommand ?? null, readyCommand };
}

/** Where a command runs decides what it does, so the same command in another directory of the project is new. */
function hashOf(definition: ServiceDefinition): string {
  return hash('sha256', JSON.stringify([commandsOf(definition), definition.root ?? '.']));
}
