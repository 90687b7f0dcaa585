import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { apiVersion, type CandleHost, type Reservations, type Services } from '@candle/cli-kit';
import { type Candle, openCandle } from '@candle/core/candle';
import { configReader, misspelledKey, readConfigOnce } from '@candle/core/config';
import type { CandleError } from '@candle/core/errors';
import { describeHookFailure, hookFailureHint, takeHookNotice } from '@candle/core/events';
import { findProject, trustOf } from '@candle/core/projects';
import { describeRecovery, type RecoveryReport, resolveStateDir, takeRecoveryNotice } from '@candle/core/store';
import { localTime } from '@candle/core/system';
import type { SupervisorProgram } from '@candle/supervisor';
import type { InstalledPlugin } from '../plugins/installed-plugin.ts';
import { renderDuration, renderTable } from '../present/format.ts';
import { presentError } from '../present/present-error.ts';
import type { OwnHost } from './own-host.ts';
import { homeDirectory } from './process-setup.ts';
import { loadUsedParts } from './run-own-command.ts';

/**
 * Creates the host with state directory, database, projects and presenters. Nothing is opened before it is needed.
 * `currentDirectory` may no longer exist. `note` prints messages in addition to the output of a command; undefined to
 * suppress them. Closing it copies a database that was changed, so close it after the output of the command.
 */
export function createHost(
  currentDirectory: string,
  {
    packageRoot,
    note,
    plugin,
    isForPeople = true,
    isReadOnly = false,
    announceTo,
  }: {
    packageRoot: string;
    note: ((text: string) => void) | undefined;
    /** The plugin that has the command, if any. Unexpected errors are reported as its bugs. */
    plugin?: () => InstalledPlugin | undefined;
    /** False if no person reads notes immediately: those of a server go to the log of its client. */
    isForPeople?: boolean;
    /** The command changes nothing, not even what an interrupted one has left behind. */
    isReadOnly?: boolean;
    /** Announces the events in a state directory; without it, there are no announcements. */
    announceTo?: (stateDir: string) => Candle['announce'];
  },
): OwnHost & { close(): Promise<void> } {
  const onRecovered = (report: RecoveryReport) => note?.(describeRecovery(report));
  const location = { home: homeDirectory(), cwd: currentDirectory };
  const trust = trustOf(process.env, (dir) => open().store.trust.listOwners(dir));
  const readOnce = readConfigOnce(trust);
  const passedOver = new Map<string, CandleError>();
  const opened: Candle[] = [];
  const open = () => {
    const latest = opened.at(-1);
    // While a server runs, its state directory may be deleted or replaced. Calls in progress continue with the old one.
    latest?.store.changes();
    if (latest?.store.isInPlace()) return latest;
    const stateDir = resolveStateDir(process.env, location);
    const announce = announceTo ? { announce: announceTo(stateDir) } : {};
    const edges = { trust, readConfig: readOnce, ...announce };
    const candle = openCandle(stateDir, { onRecovered, isShared: !isForPeople, isReadOnly, ...edges });
    // The supervisor may have recovered the database without a terminal to report it.
    const notice = note && !isReadOnly ? takeRecoveryNotice(stateDir) : undefined;
    if (notice !== undefined) note?.(notice);
    for (const failure of note && isForPeople && !isReadOnly ? takeHookNotice(stateDir) : []) {
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
    currentDirectory: location.cwd,
    stateDir: () => resolveStateDir(process.env, location),
    candle: open,
    trust,
    findProject: async ({ dir, allowNew = false, requireDirectory }: Parameters<OwnHost['findProject']>[0] = {}) => {
      const project = await findProject({
        startDir: resolve(location.cwd, dir ?? '.'),
        home: location.home ?? '/',
        allowNew,
        requireDirectory,
        knownAmong: (dirs) => open().store.projectsAmong(dirs),
        trust,
      });
      if (project.passedOver) passedOver.set(project.dir, project.passedOver);
      return project;
    },
    findConfigProblem: async (projectDir: string) => {
      // A plugin may change the file between two calls.
      const read = plugin?.() === undefined ? readOnce : configReader(trust);
      return (await read(projectDir)).error ?? passedOver.get(projectDir);
    },
    useCases: async () => {
      const useCases = await import('@candle/supervisor');
      if (!isForPeople) loadUsedParts(packageRoot);
      return useCases;
    },
    get supervisorProgram() {
      return supervisorProgram(packageRoot);
    },
    present: {
      table: (rows: readonly (readonly string[])[]) => renderTable(rows),
      duration: renderDuration,
      time: localTime,
      nearest: misspelledKey,
      error: (error: unknown, { json }: { json: boolean }) => presentError(error, { json, plugin: plugin?.() }),
    },
    close: async () => {
      for (const { store } of opened) {
        await store.finishCopy();
        store.close();
      }
    },
  };
  return Object.assign(
    own,
    pluginHost(own, (text) => note?.(text)),
  );
}

/** The supervisor of this package, on the Node.js that runs this process. */
function supervisorProgram(packageRoot: string): SupervisorProgram {
  const script = join(packageRoot, 'dist', 'supervisor.js');
  return { node: process.execPath, script, version: readVersion(packageRoot) };
}

function readVersion(packageRoot: string): string {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version;
}

type Parts = Pick<OwnHost, 'candle' | 'useCases' | 'supervisorProgram'>;

/**
 * The part of the host for plugins. Its code is loaded at the first call of a function, so that it does not slow down
 * Candle's own commands, which do not use it.
 */
export function pluginHost(host: Parts, note: (text: string) => void): Pick<CandleHost, 'reservations' | 'services'> {
  const reservations = once(async () => (await import('./plugin-reservations.ts')).pluginReservations(host, note));
  const services = once(async () => (await import('./plugin-services.ts')).pluginServices(host, note));
  return {
    reservations: {
      reservePort: async (...request) => (await reservations()).reservePort(...request),
      getReservedPort: async (...request) => (await reservations()).getReservedPort(...request),
      getOrReservePort: async (...request) => (await reservations()).getOrReservePort(...request),
      listReservedPorts: async (...request) => (await reservations()).listReservedPorts(...request),
      releasePorts: async (...request) => (await reservations()).releasePorts(...request),
    },
    services: {
      list: async (...request) => (await services()).list(...request),
      start: async (...request) => (await services()).start(...request),
      checkStart: async (...request) => (await services()).checkStart(...request),
      restart: async (...request) => (await services()).restart(...request),
      kill: async (...request) => (await services()).kill(...request),
      waitForReady: async (...request) => (await services()).waitForReady(...request),
      logs: async (...request) => (await services()).logs(...request),
      listPorts: async (...request) => (await services()).listPorts(...request),
    },
  };
}

function once<T extends Reservations | Services>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
