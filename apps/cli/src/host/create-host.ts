import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CandleHost } from '@candle/cli-kit';
import {
  type Candle,
  describeHookFailure,
  describeRecovery,
  findConfigProblem,
  findProject,
  hookFailureHint,
  openCandle,
  type RecoveryReport,
  resolveStateDir,
  takeHookNews,
  takeRecoveryNews,
} from '@candle/core';
import type { SupervisorProgram } from '@candle/supervisor';
import { presentError } from '../present/present-error.ts';
import { homeDirectory } from './home-directory.ts';

/**
 * Puts the parts together: state directory, ledger, project, presenters. Nothing is opened before it is needed.
 * `currentDirectory` may be gone. `note` is for what is to be said beside what a command says; undefined where
 * nothing may be said.
 */
export function createHost(
  currentDirectory: string,
  {
    packageRoot,
    note,
    isForPeople = true,
    announceTo,
  }: {
    packageRoot: string;
    note: ((text: string) => void) | undefined;
    /** False where nobody reads notes at once: a server's go into the log of its client. */
    isForPeople?: boolean;
    /** Who hears of what happens in a state directory; without it nobody does. */
    announceTo?: (stateDir: string) => Candle['announce'];
  },
): CandleHost & { close(): void } {
  const onRecovered = (report: RecoveryReport) => note?.(describeRecovery(report));
  const place = { home: homeDirectory(), cwd: currentDirectory };
  const opened: Candle[] = [];
  const open = () => {
    const latest = opened.at(-1);
    // A server lives for long, and what it works on may be deleted under it. Calls under way end with what they have.
    if (latest?.store.isInPlace()) return latest;
    const stateDir = resolveStateDir(process.env, place);
    const candle = openCandle(stateDir, { onRecovered, ...(announceTo ? { announce: announceTo(stateDir) } : {}) });
    // What the supervisor has restored, where nobody could read it.
    const news = note && takeRecoveryNews(stateDir);
    if (news !== undefined) note?.(news);
    for (const failure of note && isForPeople ? takeHookNews(stateDir) : []) {
      note?.(`Warning: ${describeHookFailure(failure)}\n${hookFailureHint(stateDir, failure)}`);
    }
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
    get supervisorProgram() {
      return supervisorProgram(packageRoot);
    },
    presentError,
    close: () => {
      for (const { store } of opened) store.close();
    },
  };
}

/** The supervisor that this package brings, on the Node that runs this. */
function supervisorProgram(packageRoot: string): SupervisorProgram {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  return { node: process.execPath, script: join(packageRoot, 'dist', 'supervisor.js'), version };
}
