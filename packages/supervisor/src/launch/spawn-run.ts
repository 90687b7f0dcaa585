import { closeSync, constants, openSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DirectoryReplacedError, openSameDirectory } from '@candle/core/projects';
import {
  applyEvent,
  noteInRunRecord,
  type Run,
  type RunDir,
  type RunRecord,
  runDir,
  runDraft,
  runsDir,
  spoolMark,
  unwrittenRecord,
  usesTls,
  writeRunRecord,
} from '@candle/core/runs';
import type { ServiceKey } from '@candle/core/services';
import { translateStateError } from '@candle/core/store';
import { writeProblemOf } from '@candle/core/system';
import { marksOfRun } from '../observe/observe-run.ts';
import { recordRunEnd } from '../observe/record-run.ts';
import { endRun } from '../stop/stop-run.ts';
import { stopTree } from '../stop/stop-tree.ts';
import type { Supervision } from '../supervision.ts';
import { closeInherited } from '../system/background-process.ts';
import { sendSignal } from '../system/send-signal.ts';
import { RunNotSpawnedError, StartNotRecordedError } from './errors.ts';
import { chooseOutput, type Launch, type RunOutput, shellOf } from './launch.ts';
import { startReader } from './output-reader.ts';
import { commandScript, shimArguments, shimScript } from './shim.ts';

/** A run with everything that its start needs except its row: the files, and the descriptors that its shim inherits. */
export interface PreparedRun {
  readonly run: Run;
  readonly launch: Launch;
  readonly files: ShimFiles;
  /** Closes the descriptors, and removes the files unless the run has been spawned. */
  readonly close: () => Promise<void>;
}

/**
 * Does everything in a start that can fail for lack of space or of open files, so that a previous run need not end before
 * the start is likely to succeed. The caller must close the result.
 * @throws RunNotSpawnedError
 */
export async function prepareRun(
  { stateDir, store, callerEnv }: Supervision,
  record: RunRecord,
  launch: Launch,
): Promise<PreparedRun> {
  const { run } = record;
  const last = (await store.runs.listOfService(run.projectDir, run.serviceName)).at(-1);
  const lastDir = last && runDir(stateDir, last.id);
  const output = chooseOutput(launch.output, run, lastDir && { ...last, dir: lastDir });
  const draft = runDraft(stateDir, run.id);
  const removeDraft = () => rm(draft.path, { recursive: true, force: true }).catch(() => undefined);
  try {
    await createRunDir(stateDir, draft, {
      launch,
      record,
      output,
      isTlsKnown: lastDir !== undefined && usesTls(lastDir),
    });
    await requireSpace(draft);
    const files = openShimFiles(draft, { ...launch, output });
    if (output !== 'file') {
      await startReader(draft, { path: callerEnv.PATH, stateDir, shared: files.output }).catch((error: unknown) => {
        closeAll(files);
        throw error;
      });
    }
    return {
      run,
      launch,
      files,
      close: async () => {
        closeAll(files);
        await removeDraft();
      },
    };
  } catch (error) {
    const cause = explainWrite(error, stateDir);
    await removeDraft();
    throw new RunNotSpawnedError(keyOf(run), cause, { isUnchanged: true });
  }
}

/**
 * Commits the row of a prepared run and then spawns it. The caller must hold the service lock. Returns the updated run.
 * @throws RunNotSpawnedError, DirectoryReplacedError, StartNotRecordedError
 */
export async function spawnRun(supervision: Supervision, prepared: PreparedRun): Promise<Run> {
  const { store, processes, stateDir, clock } = supervision;
  // The previous run may have taken long to end.
  const run = { ...prepared.run, startedAtMs: clock.nowMs(), startedMonotonicMs: clock.monotonicMs() };
  for (let active = await store.runs.insert(run); active; active = await store.runs.insert(run)) {
    await endRun(supervision, active, { cause: 'replaced' });
  }
  const pid = await spawnShimOf(supervision, run, prepared);
  const shim = processes.identify(pid) ?? { pid, startToken: '' };
  const event = { kind: 'spawned', shim } as const;
  const running = applyEvent(run, event);
  try {
    const recorded = (await store.runs.apply(run.id, event)) ?? (await store.runs.find(run.id));
    // Another command may have worked on the service and have found no process of the run yet.
    if (recorded?.endedAtMs !== null)
      throw new StartNotRecordedError({ name: run.serviceName, projectDir: run.projectDir });
    await noteInRunRecord(runDir(stateDir, run.id), running);
  } catch (error) {
    await abandonRun(supervision, running);
    throw error;
  }
  return running;
}

function keyOf({ serviceName, projectDir }: Run): ServiceKey {
  return { name: serviceName, projectDir };
}

/**
 * Returns the pid of the shim. Later failures must not record an end of the run, because its program is running by
 * then.
 */
async function spawnShimOf(supervision: Supervision, run: Run, { launch, files }: PreparedRun): Promise<number> {
  const { stateDir } = supervision;
  const dir = runDir(stateDir, run.id);
  try {
    await rename(runDraft(stateDir, run.id).path, dir.path);
    return await spawnShim(dir, launch, files);
  } catch (error) {
    const remains = { hasBegun: false, exitCode: null, exitSignal: null, endedAtMs: null };
    await recordRunEnd(supervision, { run, ...remains }, 'unrequested');
    if (error instanceof DirectoryReplacedError) throw error;
    throw new RunNotSpawnedError(keyOf(run), explainWrite(error, stateDir));
  }
}

/** The error of a write says why it failed. Other errors are returned unchanged. */
function explainWrite(error: unknown, stateDir: string): unknown {
  return writeProblemOf(error) === undefined ? error : translateStateError(error, stateDir);
}

/**
 * Kills a program whose start could not be recorded in the database, because a failed start must leave nothing running.
 * Writes nothing: the next command that works on the service reconciles the row, which still says `starting`.
 */
async function abandonRun(supervision: Supervision, run: Run): Promise<void> {
  const marks = await marksOfRun(supervision, run);
  if (!marks) return;
  const { processes: processTable, waiting: clock } = supervision;
  await stopTree(marks, { signal: 'SIGKILL', timeoutMs: 0, processTable, sendSignal, clock });
}

/** Only the owner may read a service's output, command and environment. */
const privateFile = { mode: 0o600, flag: 'wx' } as const;

/** Tells backup programs to skip the directory (Cache Directory Tagging Specification). */
const cacheDirTag = 'Signature: 8a477f597d28d172789f06886806bc55\n# Runs of Candle: logs and named pipes.\n';

/** Creates a run's directory and all its files. */
async function createRunDir(
  stateDir: string,
  dir: RunDir,
  { launch, record, output, isTlsKnown }: { launch: Launch; record: RunRecord; output: RunOutput; isTlsKnown: boolean },
): Promise<void> {
  await makePrivateDir(runsDir(stateDir), { recursive: true });
  await writeFile(join(runsDir(stateDir), 'CACHEDIR.TAG'), cacheDirTag, { mode: 0o600 });
  await makePrivateDir(dir.path, { recursive: false });
  await makePrivateDir(dir.log, { recursive: false });
  await Promise.all([
    writeFile(dir.spool, spoolMark, privateFile),
    writeFile(dir.firstSegment, '', privateFile),
    writeFile(dir.shim, shimScript(shellOf(launch)), privateFile),
    writeFile(dir.command, commandScript(launch.shell), privateFile),
    writeFile(dir.launch, JSON.stringify(launch, null, 2), privateFile),
    writeRunRecord(dir, record),
    writeFile(dir.pid, unwrittenRecord, privateFile),
    writeFile(dir.exit, unwrittenRecord, privateFile),
    writeFile(dir.stop, unwrittenRecord, privateFile),
    ...(output === 'pipe-instead' ? [writeFile(dir.reopensOutput, '', privateFile)] : []),
    // Until the first check, it most likely speaks what the last run spoke.
    ...(isTlsKnown ? [writeFile(dir.tls, '', privateFile)] : []),
  ]);
  // Imported lazily: loading execa takes longer than an entire read-only command.
  const { execa } = await import('execa');
  await execa('mkfifo', ['-m', '600', dir.exitPipe, dir.in, ...(output === 'file' ? [] : [dir.reader])]);
  // A process of the service that has changed its user may open the pipe again.
  if (output !== 'file') await execa('mkfifo', ['-m', '622', dir.output]);
}

/** Recording the end of a run and the start of the next one takes space for SQLite's journal and some pages. */
const databaseBytes = 64 * 1024;

async function requireSpace(dir: RunDir): Promise<void> {
  const trial = join(dir.path, 'trial');
  await writeFile(trial, Buffer.alloc(databaseBytes), privateFile);
  await rm(trial);
}

async function makePrivateDir(path: string, { recursive }: { recursive: boolean }): Promise<void> {
  await mkdir(path, { recursive, mode: 0o700 });
  // The umask may have removed permissions that the owner needs.
  await chmod(path, 0o700);
}

/** The descriptors that a shim inherits. */
interface ShimFiles {
  readonly exitPipe: number;
  readonly stdin: number;
  /** The spool, or the pipe. */
  readonly output: number;
}

function openShimFiles(
  dir: RunDir,
  { hasEmptyStdin, output }: Pick<Launch, 'hasEmptyStdin'> & { output: RunOutput },
): ShimFiles {
  closeInherited();
  const fds: number[] = [];
  const open = (path: string, flags: number) => {
    const fd = openSync(path, flags);
    fds.push(fd);
    return fd;
  };
  try {
    return {
      exitPipe: open(dir.exitPipe, constants.O_RDWR),
      stdin: open(hasEmptyStdin ? '/dev/null' : dir.in, constants.O_RDWR),
      output:
        output === 'file'
          ? open(dir.spool, constants.O_APPEND | constants.O_WRONLY)
          : // Opened for reading too, so that the program is never told that nobody reads.
            open(dir.output, constants.O_RDWR),
    };
  } catch (error) {
    for (const fd of fds) closeSync(fd);
    throw error;
  }
}

function closeAll({ exitPipe, stdin, output }: ShimFiles): void {
  for (const fd of [exitPipe, stdin, output]) closeSync(fd);
}

/**
 * Starts the shim detached from this process: with its own session and process group, output to a file or a pipe, and a pipe that
 * never reaches end of file, or nothing, as stdin. The caller spawns it directly, so that the service inherits the caller's umask,
 * limits, groups and namespaces. Returns its pid. `context` is that of the first caller, because another process may
 * restart the run.
 */
async function spawnShim(
  dir: RunDir,
  launch: Pick<Launch, 'root' | 'rootIdentity' | 'env' | 'context' | 'interpreter'>,
  { exitPipe, stdin, output }: ShimFiles,
): Promise<number> {
  const { root, rootIdentity, env, context } = launch;
  const { execa } = await import('execa');
  const ownUmask = process.umask();
  const cwd = openSameDirectory(root, rootIdentity);
  // execa accepts any descriptor, but its types allow only the first few.
  const inherited = (fd: number) => fd as 3;
  try {
    if (context) process.umask(context.umask);
    const [shell, ...options] = shellOf(launch);
    const shim = execa(shell, [...options, ...shimArguments(dir, launch)], {
      cwd: cwd.path,
      env,
      extendEnv: false,
      detached: true,
      cleanup: false,
      reject: false,
      stdio: [inherited(stdin), inherited(output), inherited(output), inherited(exitPipe)],
    });
    if (shim.pid === undefined) throw (await shim).cause ?? new Error('sh could not be started');
    shim.nodeChildProcess.unref();
    return shim.pid;
  } finally {
    process.umask(ownUmask);
    cwd.close();
  }
}
