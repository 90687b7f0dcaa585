import { closeSync, constants, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceRecord } from '../services/service.ts';
import { throwIfOutOfFiles } from '../system/write-problem.ts';
import type { GivenUp, MemoryKills, Run } from './run.ts';
import { runStatuses } from './run-status.ts';

/**
 * `run.json`, from which a damaged or missing database is restored. Of the environment, it contains only PATH, so nothing in it has
 * to be deleted when the run ends.
 */
export interface RunRecord {
  readonly run: Run;
  /** The definition of a transient service, which is otherwise only in the database. */
  readonly transient: ServiceRecord['transient'];
  /** PATH of its program. Undefined if it had none, and in a file of an older Candle. */
  readonly path?: string | undefined;
  /** Undefined on systems without a count. */
  readonly memoryKills?: MemoryKills | undefined;
  /** Present if the restart policy has given up after the run. */
  readonly givenUp?: GivenUp | undefined;
}

/** Writes the record atomically. */
export async function writeRunRecord(dir: RunDir, record: RunRecord): Promise<void> {
  const draft = `${dir.record}.${process.pid}`;
  try {
    await writeFile(draft, JSON.stringify(record, null, 2), { mode: 0o600 });
    await rename(draft, dir.record);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Replaces the run in the record after a change in the database. It ignores a full disk or a missing directory. */
export async function noteInRunRecord(
  dir: RunDir,
  run: Run,
  more: Pick<RunRecord, 'memoryKills' | 'givenUp'> = {},
): Promise<void> {
  const record = findRunRecord(dir);
  if (record === undefined) return;
  await writeRunRecord(dir, { ...record, ...more, run }).catch(() => undefined);
}

/** Undefined if the record is missing or was not written by Candle. */
export function findRunRecord(dir: RunDir): RunRecord | undefined {
  try {
    const record: unknown = withCurrentNames(JSON.parse(readFileSync(dir.record, 'utf8')));
    return isRunRecord(record) ? record : undefined;
  } catch (error) {
    throwIfOutOfFiles(error);
    return undefined;
  }
}

/** The records of all runs whose directory exists, in no particular order. */
export function listRunRecords(stateDir: string): readonly RunRecord[] {
  return listRunIds(stateDir).flatMap((id) => {
    const record = findRunRecord(runDir(stateDir, id));
    return record?.run.id === id ? record : [];
  });
}

/** A run's id: its start time (milliseconds, base 36) and a unique part. */
const runIdForm = /^[0-9a-z]+-[0-9a-f]{12}$/;

/** The ids of all runs whose directory exists. */
export function listRunIds(stateDir: string): readonly string[] {
  return listRunDirs(stateDir).filter((name) => runIdForm.test(name));
}

/** The drafts of runs (see `runDraft`), each with the pid of the process that created it. */
export function listRunDrafts(stateDir: string): readonly { readonly dir: RunDir; readonly pid: number }[] {
  return listRunDirs(stateDir).flatMap((name) => {
    const pid = draftForm.exec(name)?.[1];
    return pid === undefined ? [] : [{ dir: runDir(stateDir, name), pid: Number(pid) }];
  });
}

function listRunDirs(stateDir: string): readonly string[] {
  try {
    return readdirSync(runsDir(stateDir));
  } catch (error) {
    throwIfOutOfFiles(error);
    return [];
  }
}

const texts = ['id', 'projectDir', 'serviceName', 'shell', 'root', 'fingerprint', 'bootId'] as const;
const numbers = ['generation', 'startedAtMs', 'attempt'] as const;
const optionalNumbers = ['port', 'endedAtMs', 'exitCode', 'confirmedAtMs'] as const;

function isRunRecord(value: unknown): value is RunRecord {
  if (!isObject(value) || !isObject(value.run)) return false;
  const { run, transient } = value;
  return (
    texts.every((key) => typeof run[key] === 'string') &&
    numbers.every((key) => Number.isSafeInteger(run[key])) &&
    optionalNumbers.every((key) => run[key] === null || Number.isSafeInteger(run[key])) &&
    runStatuses.some((status) => status === run.status) &&
    (run.shim === null || (isObject(run.shim) && Number.isSafeInteger(run.shim.pid))) &&
    (transient === null || (isObject(transient) && typeof transient.shell === 'string'))
  );
}

/** Builds before the first release wrote some fields under other names. */
function withCurrentNames(record: unknown): unknown {
  if (!isObject(record) || !isObject(record.run) || !('ticket' in record.run)) return record;
  const { ticket, guard, endReason, ...run } = record.run;
  return { ...record, run: { ...run, generation: ticket, shim: guard, endReason: currentEndReason(endReason) } };
}

/** Builds before the first release wrote `itself` for a run that exited without being stopped. */
export function currentEndReason<T>(value: T): T | 'exited' {
  return value === 'itself' ? 'exited' : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/**
 * The first line of a spool, which the program did not print. A program that truncates its output removes it, so a
 * truncation is noticed even if nothing was copied before.
 */
export const spoolMark = Buffer.from('--- candle ---\n');

/** The files of one run. Each directory belongs to a single start and is never reused. */
export interface RunDir {
  readonly path: string;
  /** FIFO that the shim holds open: end of file means that the main program ended. */
  readonly exitPipe: string;
  /** FIFO for the program's stdin. */
  readonly in: string;
  /** The program's output, stdout and stderr in order. */
  readonly spool: string;
  /** FIFO that the program prints to if its output is a pipe, from which the reader moves it to the spool. */
  readonly output: string;
  /** FIFO that the reader holds open: end of file means that nobody reads `output`. */
  readonly reader: string;
  /** That the program truncated its output in this run or an earlier one. */
  readonly reopensOutput: string;
  /** Directory of the segments, which are the permanent copy of the spool. */
  readonly log: string;
  /** The segment in which the copy of a spool begins. It tells a spool with a mark from one of an earlier Candle. */
  readonly firstSegment: string;
  readonly command: string;
  /** The stopCommand while it runs; the file name ends with a dot and the pid of the process that runs it. */
  readonly stopCommand: string;
  readonly shim: string;
  readonly launch: string;
  /** A copy of the run's database row, in case the database is lost. */
  readonly record: string;
  readonly pid: string;
  /** The PID of the leader of its terminal's session, if it has a terminal. */
  readonly session: string;
  readonly exit: string;
  /** That the run was stopped while the database could not be written; see `noteStop`. */
  readonly stop: string;
  /** Processes that were seen to belong to the run during its start. */
  readonly members: string;
  /** That the readiness check needed TLS, in this run or an earlier one. */
  readonly tls: string;
  /** Since when and why the run, which was ready, is not ready. */
  readonly notReady: string;
  /** That the user was told that the run listens on a port that is not reserved. */
  readonly unreserved: string;
}

export function runsDir(stateDir: string): string {
  return join(stateDir, 'runs');
}

export function runDir(stateDir: string, runId: string): RunDir {
  const path = join(runsDir(stateDir), runId);
  const file = (name: string) => join(path, name);
  return {
    path,
    exitPipe: file('exit-pipe'),
    in: file('in'),
    spool: file('spool'),
    output: file('output'),
    reader: file('reader'),
    reopensOutput: file('reopens-output'),
    log: file('log'),
    firstSegment: file(`log/0.${spoolMark.length}.seg`),
    command: file('command'),
    stopCommand: file('stop-command'),
    shim: file('shim.sh'),
    launch: file('launch.json'),
    record: file('run.json'),
    pid: file('pid'),
    session: file('session'),
    exit: file('exit'),
    stop: file('stop'),
    members: file('members.json'),
    tls: file('tls'),
    notReady: file('not-ready.json'),
    unreserved: file('unreserved'),
  };
}

const draftForm = /^new-.+\.(\d+)$/;

/**
 * The directory in which this process creates the files of a run. It is renamed once the row of the run is committed, so
 * that until then, a start can fail without a trace.
 */
export function runDraft(stateDir: string, runId: string): RunDir {
  return runDir(stateDir, `new-${runId}.${process.pid}`);
}

/**
 * `pid`, `session`, `exit` and `stop` are created with this content and overwritten in place, which works on a full disk.
 * Otherwise, a disk that fills up later could make a run that started look like one that never did.
 */
export const unwrittenRecord = '           \n';

/** The content of `pid`, `session` or `exit`, or undefined if the shim has not written it or the file is gone. */
export function readRecord(path: string): number | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^\d+$/.test(text) ? Number(text) : undefined;
  } catch (error) {
    throwIfOutOfFiles(error);
    return undefined;
  }
}

/** When the shim wrote its exit record, in milliseconds since 1970. */
export function exitRecordedAtMs(dir: RunDir): number | undefined {
  const stats = statSync(dir.exit, { throwIfNoEntry: false });
  return stats && Math.trunc(stats.mtimeMs);
}

/** Whether the run's shim holds the write end of its exit pipe. The kernel answers, so a reused pid cannot mislead. */
export function isShimAlive(dir: RunDir): boolean {
  return isHeldOpen(dir.exitPipe);
}

/** Whether a process moves the output of the run from its pipe to the spool. */
export function isOutputRead(dir: RunDir): boolean {
  return isHeldOpen(dir.reader);
}

/** How long the reader may take for the last output of a program. Processes that the program left may print for longer. */
export const lastOutputMs = 250;

/** Whether the main program has ended and its output is in the spool. */
export function hasPrintedAll(dir: RunDir): boolean {
  if (isShimAlive(dir)) return false;
  return !isOutputRead(dir) || Date.now() - (exitRecordedAtMs(dir) ?? 0) > lastOutputMs;
}

/** Whether the shim is alive of a run that a build before the first release started. */
export function isEarlierShimAlive(dir: RunDir): boolean {
  return isHeldOpen(join(dir.path, 'life'));
}

/** Whether a process holds the write end of this FIFO. */
function isHeldOpen(fifo: string): boolean {
  let fd: number | undefined;
  try {
    fd = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    return readSync(fd, Buffer.alloc(1)) > 0;
  } catch (error) {
    throwIfOutOfFiles(error);
    return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

export function usesTls(dir: RunDir): boolean {
  return existsSync(dir.tls);
}

/** Notes whether the readiness check needed TLS, if that is new. Only the URL that Candle shows depends on it. */
export async function noteTls(dir: RunDir, isUsed: boolean): Promise<void> {
  if (isUsed === usesTls(dir)) return;
  const noted = isUsed ? writeFile(dir.tls, '', { mode: 0o600 }) : rm(dir.tls, { force: true });
  await noted.catch(() => undefined);
}

/**
 * Whether the run is over according to its row and its files. A daemon that the main program left behind is not over,
 * and neither is a start in progress, which has no shim yet.
 */
export function isRunOver(run: Run, dir: RunDir): boolean {
  if (run.endedAtMs !== null) return true;
  if (run.status === 'detached') return false;
  if (run.status === 'starting' && readRecord(dir.pid) === undefined) return false;
  return hasPrintedAll(dir);
}
