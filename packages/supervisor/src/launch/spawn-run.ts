import { closeSync, constants, openSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DirectoryReplacedError, openSameDirectory } from '@candle/core/projects';
import {
  applyEvent,
  countMemoryKills,
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
import { RunNotSpawnedError, StartNotRecordedError, TerminalUnavailableError } from './errors.ts';
import { chooseOutput, type Launch, type RunOutput, shellOf } from './launch.ts';
import { startReader } from './output-reader.ts';
import { commandScript, shimArguments, shimScript } from './shim.ts';
import type { Terminal } from './terminal.ts';

/** A run with everything that its start needs except its row. */
export interface PreparedRun {
  readonly run: Run;
  readonly launch: Launch;
  /** The descriptors that its shim inherits, by number. */
  readonly stdio: readonly number[];
  /** Closes the descriptors, and removes the files unless the run has been spawned. */
  readonly close: () => Promise<void>;
}

/**
 * Does everything in a start that can fail for lack of space or of open files, so that a previous run need not end before
 * the start is likely to succeed. The caller must close the result.
 * @throws RunNotSpawnedError, TerminalUnavailableError
 */
export async function prepareRun(
  { stateDir, store, callerEnv }: Supervision,
  record: RunRecord,
  launch: Launch,
): Promise<PreparedRun> {
  const { run } = record;
  const last = (await store.runs.listOfService(run.projectDir, run.serviceName)).at(-1);
  const lastDir = last && runDir(stateDir, last.id);
  const output = chooseOutput(launch, run, lastDir && { ...last, dir: lastDir });
  const draft = runDraft(stateDir, run.id);
  const removeDraft = () => rm(draft.path, { recursive: true, force: true }).catch(() => undefined);
  const fds: number[] = [];
  const closeAll = () => {
    for (const fd of fds.splice(0)) closeSync(fd);
  };
  try {
    // Loaded on demand, because few services have a terminal.
    const { openTerminal } = output === 'terminal' ? await import('./terminal.ts') : {};
    const terminal = await openTerminal?.(keyOf(run), callerEnv.PATH, launch.env.PATH);
    if (terminal) fds.push(terminal.master, terminal.device);
    await createRunDir(stateDir, draft, {
      launch,
      record: { ...record, ...startFacts(launch) },
      output,
      terminal,
      isTlsKnown: lastDir !== undefined && usesTls(lastDir),
    });
    await requireSpace(draft);
    const stdio = openStdio(draft, { ...launch, output, terminal }, fds);
    // A relay, and not the service, has the pipe of a terminal.
    const shared = terminal ? undefined : stdio[1];
    if (output !== 'file') await startReader(draft, { path: callerEnv.PATH, stateDir, shared });
    return {
      run,
      launch,
      stdio,
      close: async () => {
        closeAll();
        await removeDraft();
      },
    };
  } catch (error) {
    const cause = explainWrite(error, stateDir);
    closeAll();
    await removeDraft();
    if (error instanceof TerminalUnavailableError) throw error;
    throw new RunNotSpawnedError(keyOf(run), cause, { isUnchanged: true });
  }
}

/** What explains some ends of the run, whose environment is deleted by then. */
function startFacts({ env }: Launch): Pick<RunRecord, 'path' | 'memoryKills'> {
  return { path: env.PATH, memoryKills: countMemoryKills() };
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
async function spawnShimOf(supervision: Supervision, run: Run, { launch, stdio }: PreparedRun): Promise<number> {
  const { stateDir } = supervision;
  const dir = runDir(stateDir, run.id);
  try {
    await rename(runDraft(stateDir, run.id).path, dir.path);
    return await spawnShim(dir, launch, stdio);
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

interface NewRun {
  readonly launch: Launch;
  readonly record: RunRecord;
  readonly output: RunOutput;
  readonly terminal: Terminal | undefined;
  readonly isTlsKnown: boolean;
}

/** Creates a run's directory and all its files. */
async function createRunDir(
  stateDir: string,
  dir: RunDir,
  { launch, record, output, terminal, isTlsKnown }: NewRun,
): Promise<void> {
  await makePrivateDir(runsDir(stateDir), { recursive: true });
  await writeFile(join(runsDir(stateDir), 'CACHEDIR.TAG'), cacheDirTag, { mode: 0o600 });
  await makePrivateDir(dir.path, { recursive: false });
  await makePrivateDir(dir.log, { recursive: false });
  await Promise.all([
    writeFile(dir.spool, spoolMark, privateFile),
    writeFile(dir.firstSegment, '', privateFile),
    writeFile(dir.shim, shimScript(shellOf(launch), terminal?.run), privateFile),
    writeFile(dir.command, commandScript(launch.shell), privateFile),
    writeFile(dir.launch, JSON.stringify(launch, null, 2), privateFile),
    writeRunRecord(dir, record),
    writeFile(dir.pid, unwrittenRecord, privateFile),
    writeFile(dir.exit, unwrittenRecord, privateFile),
    writeFile(dir.stop, unwrittenRecord, privateFile),
    ...(terminal ? [writeFile(dir.session, unwrittenRecord, privateFile)] : []),
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

/** @param fds where each descriptor that is opened is added */
function openStdio(
  dir: RunDir,
  {
    hasEmptyStdin,
    output,
    terminal,
  }: Pick<Launch, 'hasEmptyStdin'> & { output: RunOutput; terminal: Terminal | undefined },
  fds: number[],
): PreparedRun['stdio'] {
  closeInherited();
  const open = (path: string, flags: number) => {
    const fd = openSync(path, flags);
    fds.push(fd);
    return fd;
  };
  const exitPipe = open(dir.exitPipe, constants.O_RDWR);
  // A pipe is opened for reading too, so that the program is never told that nobody reads.
  const openPipe = () => open(dir.output, constants.O_RDWR);
  if (terminal) {
    const { device, master } = terminal;
    // A bash that has a terminal as stdin would make it the controlling terminal of the shim.
    return [open('/dev/null', constants.O_RDWR), device, device, exitPipe, master, openPipe()];
  }
  const stdin = open(hasEmptyStdin ? '/dev/null' : dir.in, constants.O_RDWR);
  const printed = output === 'file' ? open(dir.spool, constants.O_APPEND | constants.O_WRONLY) : openPipe();
  return [stdin, printed, printed, exitPipe];
}

/**
 * Starts the shim detached from this process: with its own session and process group, output to a file or a pipe, and a pipe that
 * never reaches end of file, or nothing, as stdin; or with a terminal for both. The caller spawns it directly, so that the service inherits the caller's umask,
 * limits, groups and namespaces. Returns its pid. `context` is that of the first caller, because another process may
 * restart the run.
 */
async function spawnShim(
  dir: RunDir,
  launch: Pick<Launch, 'root' | 'rootIdentity' | 'env' | 'context' | 'interpreter'>,
  stdio: PreparedRun['stdio'],
): Promise<number> {
  const { root, rootIdentity, env, context } = launch;
  const { execa } = await import('execa');
  const ownUmask = process.umask();
  const cwd = openSameDirectory(root, rootIdentity);
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
      // execa accepts any descriptor, but its types allow only the first few.
      stdio: [...stdio] as [0, 1, 2],
    });
    if (shim.pid === undefined) throw (await shim).cause ?? new Error('sh could not be started');
    shim.nodeChildProcess.unref();
    return shim.pid;
  } finally {
    process.umask(ownUmask);
    cwd.close();
  }
}
