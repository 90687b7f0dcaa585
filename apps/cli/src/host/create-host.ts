import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { CandleHost } from '@candle/cli-kit';
import { type Candle, findConfig, findProject, isCandleError, openCandle, resolveStateDir } from '@candle/core';
import { presentError } from '../present/present-error.ts';

/**
 * Puts the parts together: state directory, ledger, project, presenters. Nothing is opened before it is needed.
 * `currentDirectory` may be gone.
 */
export function createHost(currentDirectory: string): CandleHost & { close(): void } {
  const place = { home: homedir(), cwd: currentDirectory };
  let candle: Candle | undefined;
  const open = () => {
    candle ??= openCandle(resolveStateDir(process.env, place));
    return candle;
  };
  return {
    currentDirectory: place.cwd,
    candle: open,
    findProject: ({ dir, allowNew }) =>
      findProject({
        startDir: resolve(place.cwd, dir ?? '.'),
        home: place.home,
        allowNew,
        knownAmong: (dirs) => open().store.projectsAmong(dirs),
      }),
    findConfigProblem,
    services: () => import('@candle/supervisor'),
    presentError,
    close: () => candle?.store.close(),
  };
}

async function findConfigProblem(projectDir: string) {
  try {
    await findConfig(projectDir);
  } catch (error) {
    if (isCandleError(error)) return error;
    throw error;
  }
}
