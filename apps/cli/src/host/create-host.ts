import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { CandleHost } from '@candle/cli-kit';
import { type Candle, findProject, openCandle, resolveStateDir } from '@candle/core';
import { presentError } from '../present/present-error.ts';
import { currentDirectory } from './current-directory.ts';

/** Puts the parts together: state directory, ledger, project, presenters. Nothing is opened before it is needed. */
export function createHost(): CandleHost & { close(): void } {
  const place = { home: homedir(), cwd: currentDirectory() };
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
    services: () => import('@candle/supervisor'),
    presentError,
    close: () => candle?.store.close(),
  };
}
