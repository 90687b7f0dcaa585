import { join } from 'node:path';
import type { Candle } from '@candle/core/candle';
import { renderHint } from '@candle/core/errors';
import { type CandleEventKind, enqueueEvent, type HookedPlugin } from '@candle/core/events';
import { dataDirectory } from '../host/process-setup.ts';
import { listInstalled } from './directory/plugin-list.ts';
import { hintFor, rootOf } from './plugin-entry.ts';
import { readPackage } from './read-package.ts';

export interface AnnounceParts {
  readonly stateDir: string;
  /** The directory with the programs of the CLI. */
  readonly dist: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Queues events for the plugins that have a hook for them, and starts a process that delivers them. Almost free without
 * such plugins. Never throws, because the change that the event reports has already been made.
 */
export function announceToPlugins({ stateDir, dist, env }: AnnounceParts): Candle['announce'] {
  const dataDir = dataDirectory(env);
  const program = { node: process.execPath, script: join(dist, 'event-runner.js') };
  let isStartQueued = false;
  let lastStart: Promise<unknown> = Promise.resolve();

  /** Starts run one at a time, after the event was queued. A live runner checks the queue once more before it exits. */
  function ensureRunner(): void {
    if (isStartQueued) return;
    isStartQueued = true;
    lastStart = lastStart
      .then(async () => {
        // A separate entry point: otherwise the supervisor would load the whole package too.
        const { startEventRunner } = await import('@candle/supervisor/events');
        isStartQueued = false;
        await startEventRunner(stateDir, program, env);
      })
      .catch(() => undefined);
  }

  return (event) => {
    try {
      const plugins = dataDir === undefined ? [] : findHookedPlugins(dataDir, event.kind);
      if (plugins.length === 0) return;
      enqueueEvent(stateDir, { event, plugins });
      ensureRunner();
    } catch {
      // The disk is full, or the state directory no longer exists.
    }
  };
}

/**
 * The user's plugins that have a hook for this kind of event. Reads only what oclif would read, because every command that
 * changes something calls it. A plugin that cannot be read has no hooks.
 */
export function findHookedPlugins(dataDir: string, kind: CandleEventKind): readonly HookedPlugin[] {
  return listInstalled(dataDir)
    .map((entry) => ({ name: entry.name, root: rootOf(entry, dataDir), hint: renderHint(hintFor(entry)) }))
    .filter(({ root }) => hooksOf(root)?.[kind] !== undefined);
}

function hooksOf(root: string): Readonly<Record<string, unknown>> | undefined {
  const read = readPackage(root);
  return read.kind === 'read' ? read.pjson.oclif.hooks : undefined;
}
