import { existsSync, statSync } from 'node:fs';
import { backUp, copyEveryMs, describeRecovery, leaveRecoveryNews, openCandle, tryLockSupervisor } from '@candle/core';
import { endSupervisorStart } from '../client/claim-start.ts';
import { removeSupervisorRecord, type SupervisorRecord, writeSupervisorRecord } from '../client/supervisor-record.ts';
import { readOpenFiles } from '../launch/process-context.ts';
import { bringBack } from '../policy/bring-back.ts';
import { superviseWith } from '../supervision.ts';
import { endForeignRuns } from './end-foreign-runs.ts';
import { RunKeeper } from './run-keeper.ts';
import { type ServedSocket, serveSocket } from './serve-socket.ts';
import { stopAllRuns } from './stop-all-runs.ts';

/** Cheap: one number from SQLite's shared memory and two looks at files. */
const tickMs = 250;
/** A service that is restarted, or two commands in a row, are not worth two supervisors. */
const idleBeforeLeavingMs = 1_000;
/** Members that leave no other mark are known by having been seen; a look at the machine costs some milliseconds. */
const recordMembersEveryMs = 15_000;
/** What a killed command leaves harms nobody for so long; a look at a thousand directories costs some tens of milliseconds. */
const tidyEveryMs = 600_000;

/** Exit codes: 0 tells the watchdog to leave too, anything else to start another one. */
const left = 0;
const startAgain = 3;

export interface SupervisorInput {
  readonly stateDir: string;
  readonly version: string;
  readonly watchdogPid: number;
  /** Last words, for supervisor.log. */
  readonly report: (error: unknown) => void;
}

/**
 * The one background process of a state directory: copies output, records ends, brings services back. Returns its exit
 * code when nothing is left to do, when a newer one is to take its place, or when its state was taken away. It may be
 * killed at any moment: all that it knows stands in the ledger and in the runs' directories.
 */
export async function runSupervisor({ stateDir, version, watchdogPid, report }: SupervisorInput): Promise<number> {
  const lock = tryLockSupervisor(stateDir);
  if (!lock) return left;
  const candle = openCandle(stateDir, {
    onRecovered: (recovery) => leaveRecoveryNews(stateDir, describeRecovery(recovery)),
  });
  const supervision = await superviseWith(candle, { callerEnv: {} });
  const { store, processes, self, waiting, clock } = supervision;
  const startedAtMs = clock.nowMs();

  let wake: () => void = () => undefined;
  let isDirty = true;
  let isAskedToLeave = false;
  const returning = new Set<string>();
  const lookNow = () => {
    isDirty = true;
    wake();
  };
  const record: SupervisorRecord = {
    ...self,
    version,
    startedAtMs,
    watchdog: processes.identify(watchdogPid) ?? null,
    isUnfreed: false,
  };
  const keeper = new RunKeeper(supervision, {
    onOver: lookNow,
    onUnfreed: () => writeSupervisorRecord(stateDir, { ...record, isUnfreed: true }),
    onFailed: report,
  });
  const api = {
    hello: async () => {
      lookNow();
      return { version, pid: process.pid, startedAtMs, keptRuns: keeper.size, openFiles: readOpenFiles() };
    },
    leave: async () => {
      isAskedToLeave = true;
      wake();
    },
  };
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, tickMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const leave = async (served: ServedSocket) => {
    await served.close();
    await keeper.close();
    removeSupervisorRecord(stateDir);
    store.close();
    lock.release();
    return left;
  };

  process.once('SIGTERM', () => void api.leave());
  writeSupervisorRecord(stateDir, record);
  endSupervisorStart(stateDir);
  await endForeignRuns(supervision);
  let served = await serveSocket(stateDir, api);
  void keeper.tidyUp();

  const inode = inodeOf(stateDir);
  let seen = store.changes();
  let dueAtMs = 0;
  let busyAtMs = waiting.nowMs();
  let recordedAtMs = waiting.nowMs();
  let tidied = { atMs: waiting.nowMs(), changes: seen };
  let backedUpAtMs = Number.NEGATIVE_INFINITY;
  for (;;) {
    if (!lock.isHeld()) throw new Error('The lock of the supervisor was lost');
    if (inodeOf(stateDir) !== inode) {
      await stopAllRuns(supervision);
      return existsSync(stateDir) ? startAgain : left;
    }
    if (!store.isInPlace()) return keeper.isIdle ? left : startAgain;
    if (isAskedToLeave) return leave(served);
    if (!served.isInPlace()) {
      await served.close();
      served = await serveSocket(stateDir, api);
    }
    const changes = store.changes();
    if (isDirty || changes !== seen || clock.nowMs() >= dueAtMs) {
      isDirty = false;
      seen = changes;
      await keeper.adopt();
      dueAtMs = await bringBackDue();
    }
    if (waiting.nowMs() - backedUpAtMs >= copyEveryMs) {
      backedUpAtMs = waiting.nowMs();
      await backUp(candle);
    }
    if (waiting.nowMs() - recordedAtMs >= recordMembersEveryMs) {
      recordedAtMs = waiting.nowMs();
      await keeper.recordMembers();
    }
    const isIdle = keeper.isIdle && dueAtMs === Number.POSITIVE_INFINITY;
    if (!isIdle) busyAtMs = waiting.nowMs();
    // Once more before it leaves, too: nobody would do it until the next one comes.
    if (waiting.nowMs() - tidied.atMs >= tidyEveryMs || (isIdle && tidied.changes !== seen)) {
      tidied = { atMs: waiting.nowMs(), changes: seen };
      void keeper.tidyUp();
    } else if (waiting.nowMs() - busyAtMs >= idleBeforeLeavingMs) return leave(served);
    if (!isDirty) await pause();
  }

  /** Starts what is due again, and tells when the next one is. */
  async function bringBackDue(): Promise<number> {
    let nextAtMs = Number.POSITIVE_INFINITY;
    for (const service of await store.services.listReturning()) {
      const atMs = service.comeback.nextRestartAtMs ?? 0;
      const key = JSON.stringify([service.projectDir, service.name]);
      nextAtMs = Math.min(nextAtMs, Math.max(atMs, clock.nowMs() + tickMs));
      if (atMs > clock.nowMs() || returning.has(key)) continue;
      returning.add(key);
      void bringBack(supervision, service)
        .catch(report)
        .finally(() => {
          returning.delete(key);
          lookNow();
        });
    }
    return nextAtMs;
  }
}

/** Another one at the same path is not the same directory. */
function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
