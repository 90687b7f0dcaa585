import { existsSync, statSync } from 'node:fs';
import { backUp, copyEveryMs, type SupervisorLock } from '@candle/core';
import { endSupervisorStart } from '../client/claim-start.ts';
import { isSupervisorNeeded } from '../client/is-needed.ts';
import type { SupervisorApi } from '../client/protocol.ts';
import { removeSupervisorRecord, type SupervisorRecord, writeSupervisorRecord } from '../client/supervisor-record.ts';
import { readOpenFiles } from '../launch/process-context.ts';
import { PendingRestarts } from '../policy/pending-restarts.ts';
import type { Supervision } from '../supervision.ts';
import { endForeignRuns } from './end-foreign-runs.ts';
import { openPeriodicTasks } from './periodic-task.ts';
import { RunMonitor } from './run-monitor.ts';
import { type ServedSocket, serveSocket } from './serve-socket.ts';
import { stopAllRuns } from './stop-all-runs.ts';
import { WakeTimer } from './wake-timer.ts';

/** Cheap: one number from SQLite's shared memory and two looks at files. */
const tickMs = 250;
/** A service that is restarted, or two commands in a row, are not worth two supervisors. */
const idleBeforeLeavingMs = 1_000;
/** Members that leave no other mark are known by having been seen; a look at the machine costs some milliseconds. */
const recordMembersEveryMs = 30_000;
/** What a killed command leaves harms nobody for so long; a look at a thousand directories costs some tens of milliseconds. */
const tidyEveryMs = 600_000;

/** Exit codes for the watchdog: leave too, or start the next one. */
const left = 0;
const startAgain = 3;

export interface SupervisorParts {
  /** Referenced for as long as it lives: a lock that nothing refers to is given away. */
  readonly lock: SupervisorLock;
  readonly version: string;
  readonly watchdogPid: number;
  readonly report: (error: unknown) => void;
}

/** The supervisor from its first look at the ledger to its exit code. */
export class Supervisor {
  readonly #supervision: Supervision;
  readonly #parts: SupervisorParts;
  readonly #record: SupervisorRecord;
  readonly #monitor: RunMonitor;
  readonly #pendingRestarts: PendingRestarts;
  readonly #timer = new WakeTimer();
  readonly #inode: number | undefined;
  readonly #runPeriodicTasks: () => Promise<void>;
  #socket: ServedSocket | undefined;
  #isAskedToLeave = false;
  #seenChanges: number | undefined;
  #tidiedChanges: number | undefined;
  #nextRestartAtMs = Number.POSITIVE_INFINITY;
  #busyAtMs: number;

  constructor(supervision: Supervision, parts: SupervisorParts) {
    const { stateDir, self, clock, waiting, processes } = supervision;
    this.#supervision = supervision;
    this.#parts = parts;
    const watchdog = processes.identify(parts.watchdogPid) ?? null;
    this.#record = { ...self, version: parts.version, startedAtMs: clock.nowMs(), watchdog, isUnfreed: false };
    this.#inode = inodeOf(stateDir);
    this.#busyAtMs = waiting.nowMs();
    const effects = { onOver: () => this.#timer.wake(), onFailed: parts.report };
    const onUnfreed = () => writeSupervisorRecord(stateDir, { ...this.#record, isUnfreed: true });
    this.#monitor = new RunMonitor(supervision, { ...effects, onUnfreed });
    this.#pendingRestarts = new PendingRestarts(supervision, effects);
    this.#runPeriodicTasks = openPeriodicTasks(
      [
        { everyMs: recordMembersEveryMs, run: () => this.#monitor.recordMembers() },
        { everyMs: tidyEveryMs, run: async () => void this.#monitor.tidyUp() },
        { everyMs: copyEveryMs, run: async () => void (await backUp(supervision)) },
      ],
      waiting,
    );
  }

  askToLeave(): void {
    this.#isAskedToLeave = true;
    this.#timer.wake();
  }

  async live(): Promise<number> {
    const { stateDir } = this.#supervision;
    writeSupervisorRecord(stateDir, this.#record);
    endSupervisorStart(stateDir);
    await endForeignRuns(this.#supervision);
    await this.#serve();
    void this.#monitor.tidyUp();
    await backUp(this.#supervision);
    for (;;) {
      const exitCode = (await this.#exitWithoutState()) ?? (await this.#work());
      if (exitCode !== undefined) return exitCode;
      await this.#timer.pause(tickMs);
    }
  }

  /** When what it works on was taken away under it. */
  async #exitWithoutState(): Promise<number | undefined> {
    const { stateDir, store } = this.#supervision;
    if (!this.#parts.lock.isHeld()) throw new Error('The lock of the supervisor was lost');
    if (inodeOf(stateDir) !== this.#inode) {
      await stopAllRuns(this.#supervision);
      return existsSync(stateDir) ? startAgain : left;
    }
    if (store.isInPlace()) return undefined;
    return this.#monitor.isIdle ? left : startAgain;
  }

  async #work(): Promise<number | undefined> {
    const { store, clock } = this.#supervision;
    // A newer Candle has the ledger, and starts a supervisor of its own.
    if (this.#isAskedToLeave || store.isTooNew()) return this.#leave();
    if (!this.#socket?.isInPlace()) await this.#serve();
    const changes = store.changes();
    if (this.#timer.takeWake() || changes !== this.#seenChanges || clock.nowMs() >= this.#nextRestartAtMs) {
      this.#seenChanges = changes;
      await this.#monitor.adopt();
      this.#nextRestartAtMs = await this.#pendingRestarts.restartDue();
    }
    await this.#runPeriodicTasks();
    return this.#leaveWhenIdle();
  }

  async #leaveWhenIdle(): Promise<number | undefined> {
    const { waiting } = this.#supervision;
    if (!this.#monitor.isIdle || this.#nextRestartAtMs !== Number.POSITIVE_INFINITY) this.#busyAtMs = waiting.nowMs();
    else if (this.#tidiedChanges !== this.#seenChanges) {
      // Nobody else would do it until the next one comes.
      this.#tidiedChanges = this.#seenChanges;
      void this.#monitor.tidyUp();
    } else if (waiting.nowMs() - this.#busyAtMs >= idleBeforeLeavingMs) {
      await this.#socket?.close();
      // Whoever committed a run and said hello until now takes it for kept.
      if (!(await isSupervisorNeeded(this.#supervision))) return this.#leave();
      await this.#serve();
      this.#busyAtMs = waiting.nowMs();
      this.#timer.wake();
    }
    return undefined;
  }

  async #leave(): Promise<number> {
    const { stateDir, store } = this.#supervision;
    await this.#socket?.close();
    await this.#monitor.close();
    removeSupervisorRecord(stateDir);
    store.close();
    this.#parts.lock.release();
    return left;
  }

  async #serve(): Promise<void> {
    await this.#socket?.close();
    this.#socket = await serveSocket(this.#supervision.stateDir, this.#api());
  }

  #api(): SupervisorApi {
    const { version, startedAtMs, pid } = this.#record;
    return {
      hello: async () => {
        this.#timer.wake();
        return { version, pid, startedAtMs, monitoredRuns: this.#monitor.size, openFiles: readOpenFiles() };
      },
      leave: async () => this.askToLeave(),
    };
  }
}

/** Another one at the same path is not the same directory. */
function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
