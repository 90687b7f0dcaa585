import { resolve } from 'node:path';
import type { CandleHost } from '@candle/cli-kit';
import {
  type Candle,
  describeRecovery,
  findConfigProblem,
  findProject,
  openCandle,
  type RecoveryReport,
  resolveStateDir,
} from '@candle/core';
import { presentError } from '../present/present-error.ts';
import { homeDirectory } from './home-directory.ts';

/**
 * Puts the parts together: state directory, ledger, project, presenters. Nothing is opened before it is needed.
 * `currentDirectory` may be gone. `note` is for what is to be said beside what a command says.
 */
export function createHost(
  currentDirectory: string,
  { note }: { note: (text: string) => void },
): CandleHost & { close(): void } {
  const onRecovered = (report: RecoveryReport) => note(describeRecovery(report));
  const place = { home: homeDirectory(), cwd: currentDirectory };
  const opened: Candle[] = [];
  const open = () => {
    const latest = opened.at(-1);
    // A server lives for long, and what it works on may be deleted under it. Calls under way end with what they have.
    if (latest?.store.isInPlace()) return latest;
    const candle = openCandle(resolveStateDir(process.env, place), { onRecovered });
    opened.push(candle);
    return candle;
  };
  return {
    currentDirectory: place.cwd,
    stateDir: () => resolveStateDir(process.env, place),
    candle: open,
    findProject: ({ dir, allowNew }) =>
      findProject({
        startDir: resolve(place.cwd, dir ?? '.'),
        home: place.home ?? '/',
        allowNew,
        knownAmong: (dirs) => open().store.projectsAmong(dirs),
      }),
    findConfigProblem,
    services: () => import('@candle/supervisor'),
    presentError,
    close: () => {
      for (const { store } of opened) store.close();
    },
  };
}
