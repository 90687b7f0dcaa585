import { join } from 'node:path';
import { type Candle, enqueueEvent } from '@candle/core';
import { dataDirectory } from './data-directory.ts';
import { findHookedPlugins } from './find-hooked-plugins.ts';

export interface AnnounceParts {
  readonly stateDir: string;
  /** Where the programs of the CLI are. */
  readonly dist: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Puts events into the queue for the plugins that want to be told, and sees to a process that tells them. Costs next to
 * nothing when there is none, and never fails: what has happened has happened, whoever hears of it.
 */
export function announceToPlugins({ stateDir, dist, env }: AnnounceParts): Candle['announce'] {
  const dataDir = dataDirectory(env);
  const program = { node: process.execPath, script: join(dist, 'event-runner.js') };
  let isAsked = false;
  let lastStart: Promise<unknown> = Promise.resolve();

  /** One after another, each after its event was queued: a runner that was found alive has one more look before it leaves. */
  function seeToRunner(): void {
    if (isAsked) return;
    isAsked = true;
    lastStart = lastStart
      .then(async () => {
        // By a door of its own: all of the package would come into the background process too.
        const { startEventRunner } = await import('@candle/supervisor/events');
        isAsked = false;
        await startEventRunner(stateDir, program, env);
      })
      .catch(() => undefined);
  }

  return (event) => {
    try {
      const plugins = dataDir === undefined ? [] : findHookedPlugins(dataDir, event.kind);
      if (plugins.length === 0) return;
      enqueueEvent(stateDir, { event, plugins });
      seeToRunner();
    } catch {
      // No room, or the state directory is gone.
    }
  };
}
