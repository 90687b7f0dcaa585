import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { apiVersion } from '@candle/cli-kit';
import {
  type Candle,
  describeHookFailure,
  describeRecovery,
  findConfigProblem,
  findProject,
  hookFailureHint,
  localTime,
  openCandle,
  type RecoveryReport,
  resolveStateDir,
  takeHookNotice,
  takeRecoveryNotice,
} from '@candle/core';
import type { SupervisorProgram } from '@candle/supervisor';
import type { InstalledPlugin } from '../plugins/load/installed-plugin.ts';
import { presentError } from '../present/present-error.ts';
import { renderDuration } from '../present/render-duration.ts';
import { renderTable } from '../present/render-table.ts';
import { homeDirectory } from './home-directory.ts';
import type { OwnHost } from './own-host.ts';
import { pluginHost } from './plugin-host.ts';

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
    plugin,
    isForPeople = true,
    announceTo,
  }: {
    packageRoot: string;
    note: ((text: string) => void) | undefined;
    /** Whose command it is, when it is a plugin's: its bugs are not Candle's. */
    plugin?: () => InstalledPlugin | undefined;
    /** False where nobody reads notes at once: a server's go into the log of its client. */
    isForPeople?: boolean;
    /** Who hears of what happens in a state directory; without it nobody does. */
    announceTo?: (stateDir: string) => Candle['announce'];
  },
): OwnHost & { close(): void } {
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
    const news = note && takeRecoveryNotice(stateDir);
    if (news !== undefined) note?.(news);
    for (const failure of note && isForPeople ? takeHookNotice(stateDir) : []) {
      note?.(`Warning: ${describeHookFailure(failure)}\n${hookFailureHint(stateDir, failure)}`);
    }
    opened.push(candle);
    return candle;
  };
  const own = {
    apiVersion,
    get candleVersion() {
      return readVersion(packageRoot);
    },
    currentDirectory: place.cwd,
    stateDir: () => resolveStateDir(process.env, place),
    candle: open,
    findProject: ({ dir, allowNew = false }: Parameters<OwnHost['findProject']>[0] = {}) =>
      findProject({
        startDir: resolve(place.cwd, dir ?? '.'),
        home: place.home ?? '/',
        allowNew,
        knownAmong: (dirs) => open().store.projectsAmong(dirs),
      }),
    findConfigProblem,
    useCases: () => import('@candle/supervisor'),
    get supervisorProgram() {
      return supervisorProgram(packageRoot);
    },
    present: {
      table: renderTable,
      duration: renderDuration,
      time: localTime,
      error: (error: unknown, { json }: { json: boolean }) => presentError(error, { json, plugin: plugin?.() }),
    },
    close: () => {
      for (const { store } of opened) store.close();
    },
  };
  return Object.assign(
    own,
    pluginHost(own, (text) => note?.(text)),
  );
}

/** The supervisor that this package brings, on the Node that runs this. */
function supervisorProgram(packageRoot: string): SupervisorProgram {
  const script = join(packageRoot, 'dist', 'supervisor.js');
  return { node: process.execPath, script, version: readVersion(packageRoot) };
}

function readVersion(packageRoot: string): string {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version;
}
