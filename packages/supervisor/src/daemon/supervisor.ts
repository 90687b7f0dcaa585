import { existsSync, statSync } from 'node:fs';
import { isUnwritable, type SupervisorLock } from '@candle/core/store';
import { tryToWrite, writeProblemOf } from '@candle/core/system';
import { endSupervisorStart, isSupervisorNeeded } from '../client/ensure-supervisor.ts';
import {
  removeSupervisorRecord,
  type SupervisorApi,
  type SupervisorRecord,
  writeSupervisorRecord,
} from '../client/protocol.ts';
import { readOpenFiles } from '../launch/launch.ts';
import { marksOfRun } from '../observe/observe-run.ts';
import { PendingRestarts } from '../policy/restart-by-policy.ts';
import { stopTree } from '../stop/stop-tree.ts';
import type { Supervision } from '../supervision.ts';
import { sendSignal } from '../system/send-signal.ts';
import { AbandonedRuns } from './abandoned-runs.ts';
import { type ActivityLog, describeLongTick } from './activity.ts';
import { RequestedStops } from './requested-stops.ts';
import { endForeignRuns, RunMonitor } from './run-monitor.ts';
import { type ServedSocket, serveSocket } from './serve-socket.ts';
import { openPeriodicTasks, WakeTimer } from './timers.ts';

/** A tick is cheap: it reads two numbers and checks a few files. */
const tickMs = 250;
/** Prevents a new supervisor process for each restart of a service, or for each of two commands in a row. */
const idleBeforeExitMs = 1_000;
/** Some members are recognised only because they were seen before. A process snapshot takes a few milliseconds. */
const recordMembersEveryMs = 30_000;
/**
 * Leftovers of a killed command are harmless for this long. Checking a thousand directories takes tens of milliseconds.
 */
const tidyEveryMs = 600_000;

/** How often to try again what failed because nothing could be written. */
const retryEveryMs = 1_000;

/** Exit codes for the watchdog: exit too, or start the next supervisor. */
const done = 0;
const startAgain = 3;

export interface SupervisorParts {
  /** Referenced for the whole lifetime of the supervisor, because the lock is released when it is garbage-collected. */
  readonly lock: SupervisorLock;
  readonly version: string;
  readonly watchdogPid: number;
  readonly report: (error: unknown) => void;
  readonly activity: ActivityLog;
}

/** The main loop of the supervisor, from startup to its exit code. */
export class Supervisor {
  readonly #supervision: Supervision;
  readonly #parts: SupervisorParts;
  #record: SupervisorRecord;
  #isRecordWritten = false;
  readonly #requestedStops: RequestedStops;
  readonly #monitor: RunMonitor;
  readonly #pendingRestarts: PendingRestarts;
  readonly #abandonedRuns: AbandonedRuns;
  readonly #timer = new WakeTimer();
  readonly #inode: number | undefined;
  readonly #runPeriodicTasks: () => Promise<void>;
  #socket: ServedSocket | undefined;
  #ticking: NodeJS.Timeout | undefined;
  #isExitRequested = false;
  #seenChanges: number | undefined;
  #tidiedChanges: number | undefined;
  /** On the monotonic clock. */
  #nextRestartAtMs = Number.POSITIVE_INFINITY;
  #busyAtMs: number;

  constructor(supervision: Supervision, parts: SupervisorParts) {
    const { stateDir, self, clock, waiting, processes } = supervision;
    this.#supervision = supervision;
    this.#parts = parts;
    const watchdog = processes.identify(parts.watchdogPid) ?? null;
    this.#record = {
      ...self,
      version: parts.version,
      startedAtMs: clock.nowMs(),
      watchdog,
      isUnfreed: false,
      longTick: null,
    };
    this.#inode = inodeOf(stateDir);
    this.#busyAtMs = waiting.nowMs();
    const effects = {
      onOver: () => this.#timer.wake(),
      // That is the state of the disk, not a failure of the supervisor, and what failed is tried again.
      onFailed: (error: unknown) => (isUnwritable(error) ? undefined : parts.report(error)),
    };
    this.#requestedStops = new RequestedStops(supervision);
    const onUnfreed = () => this.#updateRecord({ isUnfreed: true });
    this.#monitor = new RunMonitor(supervision, { ...effects, onUnfreed, requestedStops: this.#requestedStops });
    this.#pendingRestarts = new PendingRestarts(supervision, effects);
    this.#abandonedRuns = new AbandonedRuns(supervision, effects.onFailed);
    this.#runPeriodicTasks = openPeriodicTasks(
      [
        { everyMs: recordMembersEveryMs, run: () => this.#monitor.recordMembers() },
        { everyMs: tidyEveryMs, run: async () => void this.#monitor.tidyUp() },
        { everyMs: retryEveryMs, run: async () => this.#writeRecord() },
      ],
      waiting,
    );
  }

  requestExit(): void {
    this.#isExitRequested = true;
    this.#timer.wake();
  }

  async run(): Promise<number> {
    const { stateDir } = this.#supervision;
    this.#writeRecord();
    tryToWrite(() => endSupervisorStart(stateDir));
    this.#ticking = setInterval(() => this.#checkTick(), tickMs);
    await endForeignRuns(this.#supervision).catch((error: unknown) => {
      // Their pending restarts are cancelled when they are due.
      if (!isUnwritable(error)) throw error;
    });
    await this.#serve();
    void this.#monitor.tidyUp();
    for (;;) {
      const exitCode = (await this.#exitWithoutState()) ?? (await this.#work());
      if (exitCode !== undefined) return exitCode;
      await this.#timer.pause(tickMs);
    }
  }

  /** The exit code if the lock, the state directory or the database is gone; otherwise undefined. */
  async #exitWithoutState(): Promise<number | undefined> {
    const { stateDir, store } = this.#supervision;
    if (!this.#parts.lock.isHeld()) throw new Error('The supervisor lost its lock');
    if (inodeOf(stateDir) !== this.#inode) {
      await stopAllRuns(this.#supervision);
      return existsSync(stateDir) ? startAgain : done;
    }
    // Continues with a database that was replaced or restored.
    this.#countChanges();
    if (store.isInPlace()) return undefined;
    return this.#monitor.isIdle ? done : startAgain;
  }

  /** A database that has to be restored on a full disk is restored when there is space again. */
  #countChanges(): number | undefined {
    try {
      return this.#supervision.store.changes();
    } catch (error) {
      if (!isUnwritable(error)) throw error;
      return this.#seenChanges;
    }
  }

  async #work(): Promise<number | undefined> {
    const { store, clock } = this.#supervision;
    // If a newer Candle has migrated the database, it starts its own supervisor.
    if (this.#isExitRequested || store.isTooNew()) return this.#exit();
    if (!this.#socket?.isInPlace()) await this.#serve();
    const changes = this.#countChanges();
    if (this.#timer.takeWake() || changes !== this.#seenChanges || clock.monotonicMs() >= this.#nextRestartAtMs) {
      this.#seenChanges = changes;
      // The process that made the change may have been killed before it copied the database.
      this.#supervision.onActivity?.('reading the database');
      store.copySoon();
      await this.#monitor.adopt();
      const isWritable = await this.#requestedStops.record();
      this.#supervision.onActivity?.('restarting services');
      this.#nextRestartAtMs = isWritable
        ? await this.#pendingRestarts.restartDue()
        : clock.monotonicMs() + retryEveryMs;
    }
    this.#abandonedRuns.stopAmong(this.#monitor.runs);
    await this.#runPeriodicTasks();
    return this.#exitWhenIdle();
  }

  async #exitWhenIdle(): Promise<number | undefined> {
    const { waiting } = this.#supervision;
    if (!this.#monitor.isIdle || this.#nextRestartAtMs !== Number.POSITIVE_INFINITY) this.#busyAtMs = waiting.nowMs();
    else if (this.#tidiedChanges !== this.#seenChanges) {
      // Otherwise leftovers would stay until the next supervisor starts.
      this.#tidiedChanges = this.#seenChanges;
      void this.#monitor.tidyUp();
    } else if (waiting.nowMs() - this.#busyAtMs >= idleBeforeExitMs) {
      await this.#socket?.close();
      // A command that committed a run and called hello before the socket was closed relies on this supervisor.
      if (!(await isSupervisorNeeded(this.#supervision))) return this.#exit();
      await this.#serve();
      this.#busyAtMs = waiting.nowMs();
      this.#timer.wake();
    }
    return undefined;
  }

  async #exit(): Promise<number> {
    const { stateDir, store } = this.#supervision;
    await this.#socket?.close();
    await this.#monitor.close();
    clearInterval(this.#ticking);
    tryToWrite(() => removeSupervisorRecord(stateDir));
    await store.finishCopy();
    store.close();
    this.#parts.lock.release();
    return done;
  }

  /** Records a step that delayed everything else, for supervisor.log and `candle doctor`. */
  #checkTick(): void {
    const longTick = this.#parts.activity.tick(tickMs);
    if (longTick === undefined) return;
    this.#parts.report(describeLongTick(longTick));
    try {
      this.#updateRecord({ longTick: { ...longTick, atMs: this.#supervision.clock.nowMs() } });
    } catch (error) {
      // The disk is full, or the state directory was deleted, which the main loop notices.
      this.#parts.report(error);
    }
  }

  #updateRecord(changes: Partial<SupervisorRecord>): void {
    this.#record = { ...this.#record, ...changes };
    this.#isRecordWritten = false;
    this.#writeRecord();
  }

  /** On a full disk, the record is missing until there is space again. The lock decides which process is the supervisor. */
  #writeRecord(): void {
    if (this.#isRecordWritten) return;
    this.#isRecordWritten = tryToWrite(() => writeSupervisorRecord(this.#supervision.stateDir, this.#record));
  }

  /** On a read-only file system there is no socket until it can be written again. Commands then use the database alone. */
  async #serve(): Promise<void> {
    await this.#socket?.close();
    this.#socket = undefined;
    try {
      // A connection that was kept open may be that of a process whose runs must not outlive it.
      this.#socket = await serveSocket(this.#supervision.stateDir, this.#api(), () => this.#timer.wake());
    } catch (error) {
      if (writeProblemOf(error) === undefined) throw error;
    }
  }

  #api(): SupervisorApi {
    const { version, startedAtMs, pid } = this.#record;
    return {
      hello: async () => {
        this.#timer.wake();
        return { version, pid, startedAtMs, monitoredRuns: this.#monitor.size, openFiles: readOpenFiles() };
      },
      stopRequested: (stops) => {
        this.#requestedStops.add(stops);
        this.#timer.wake();
        return this.#requestedStops.record();
      },
      leave: async () => this.requestExit(),
    };
  }
}

/** Identifies the directory: a new directory at the same path has a different inode. */
function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** How long each service may take to exit before it is killed. */
const timeoutMs = 10_000;

/** Stops all runs after the state directory was deleted, because without their records nothing else could stop them. */
async function stopAllRuns(supervision: Supervision): Promise<void> {
  const { store, processes: processTable, waiting: clock } = supervision;
  const runs = await store.runs.listActive();
  const stop = async (run: (typeof runs)[number]) => {
    const marks = await marksOfRun(supervision, run);
    if (marks) await stopTree(marks, { signal: 'SIGTERM', timeoutMs, processTable, sendSignal, clock });
  };
  await Promise.allSettled(runs.map(stop));
}
