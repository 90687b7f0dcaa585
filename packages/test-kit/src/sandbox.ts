import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProgramResult, runProgram } from './run-program.ts';

export interface CandleOptions {
  /** Default: the project directory. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface SandboxProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * An isolated environment for one test: HOME, state directory, TMPDIR and one project below one temporary directory.
 */
export interface Sandbox {
  readonly root: string;
  readonly home: string;
  readonly stateDir: string;
  readonly projectDir: string;
  /** Environment of candle. Of the test's own environment, it contains only PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs the built CLI. */
  candle(args: readonly string[], options?: CandleOptions): Promise<ProgramResult>;
  /** Runs the built CLI with `--json` and returns the parsed output. */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on the shape themselves
  candleJson(args: readonly string[], options?: CandleOptions): Promise<any>;
  /** Writes `.candle.json` of the project. Strings are written as they are, other values as JSON. */
  writeConfig(config: unknown): void;
  /** Writes a file in the project and returns its path. */
  writeFile(path: string, text: string): string;
  /**
   * Processes with this sandbox's marker in their environment or a working directory below it: candle, its services,
   * and their children.
   */
  processes(): readonly SandboxProcess[];
  /** The supervisor, its watchdog, and the processes that they start. They exit by themselves when no service runs. */
  background(): readonly SandboxProcess[];
  /** Stops every service and removes the directory. Throws if `kill-all` left a process running. */
  close(): Promise<void>;
}

export interface SandboxParts {
  /** Path of the script of the CLI under test. */
  readonly bin: string;
  /** Content of `.candle.json`. If omitted, the project has none. */
  readonly config?: unknown;
  /** Directory of compiled code that the sandboxes share, because compiling takes a third of a command's CPU time. */
  readonly compiled?: string | undefined;
}

/** Not `CANDLE_…`, because those variables are removed from a service's environment. */
const sandboxMark = 'TEST_SANDBOX';

export function openSandbox({ bin, config, compiled }: SandboxParts): Sandbox {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'candle-test-')));
  const [home, stateDir, projectDir, tmp] = ['home', 'state', 'project', 'tmp'].map((name) => join(root, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const dir of [home, projectDir, tmp]) mkdirSync(dir);
  if (compiled !== undefined) {
    mkdirSync(compiled, { recursive: true });
    mkdirSync(join(home, '.cache/candle'), { recursive: true });
    symlinkSync(compiled, join(home, '.cache/candle/compiled'));
  }
  const env = {
    // The directory of this Node comes first, so that a test's services use it too.
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
    HOME: home,
    TMPDIR: tmp,
    CANDLE_STATE_DIR: stateDir,
    [sandboxMark]: root,
    NO_UPDATE_NOTIFIER: '1',
  };
  const candle = (args: readonly string[], options: CandleOptions = {}) =>
    runProgram(process.execPath, [bin, ...args], {
      cwd: options.cwd ?? projectDir,
      env: { ...env, ...options.env },
      ...(options.input === undefined ? {} : { input: options.input }),
    });
  const sandbox: Sandbox = {
    root,
    home,
    stateDir,
    projectDir,
    env,
    candle,
    candleJson: async (args, options) => JSON.parse((await candle([...args, '--json'], options)).stdout),
    writeConfig: (value) => {
      sandbox.writeFile('.candle.json', typeof value === 'string' ? value : JSON.stringify(value, null, 2));
    },
    writeFile: (path, text) => {
      const absolute = join(projectDir, path);
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, text);
      return absolute;
    },
    processes: () => processesOf(root).filter((found) => !isBackground(stateDir, found)),
    background: () => processesOf(root).filter((found) => isBackground(stateDir, found)),
    close: () => close(sandbox),
  };
  if (config !== undefined) sandbox.writeConfig(config);
  return sandbox;
}

async function close(sandbox: Sandbox): Promise<void> {
  const processes = () => [...sandbox.processes(), ...sandbox.background()];
  if (processes().length === 0) return rmSync(sandbox.root, { recursive: true, force: true });
  const stop = await sandbox.candle(['kill-all'], { cwd: sandbox.root });
  await endSupervisor(sandbox);
  const left = processes();
  for (const { pid } of left) end(pid);
  rmSync(sandbox.root, { recursive: true, force: true });
  if (left.length > 0) throw new Error(`Left running: ${JSON.stringify(left)}\n${stop.stdout}${stop.stderr}`);
}

/** How long a supervisor that was just started may take to find out that there is nothing to do. */
const supervisorTimeoutMs = 10_000;

/** The supervisor would exit by itself a little later. After SIGTERM it exits at once, together with its watchdog. */
async function endSupervisor(sandbox: Sandbox): Promise<void> {
  const deadlineMs = performance.now() + supervisorTimeoutMs;
  for (
    let found = sandbox.background();
    found.length > 0 && performance.now() < deadlineMs;
    found = sandbox.background()
  ) {
    for (const { pid, command } of found) if (command.startsWith('candle-supervisor')) signal(pid, 'SIGTERM');
    await sleep(10);
  }
}

function end(pid: number): void {
  signal(pid, 'SIGKILL');
}

function signal(pid: number, name: 'SIGKILL' | 'SIGTERM'): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process has already exited.
  }
}

/** Finds processes by the marker or, for daemons that clear their environment, by their working directory. */
function processesOf(root: string): (SandboxProcess & { readonly cwd: string })[] {
  const mark = `${sandboxMark}=${root}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const isMarked = readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(mark);
        const cwd = readlinkSync(`/proc/${name}/cwd`);
        if (!isMarked && !cwd.startsWith(`${root}/`)) return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), command, cwd }];
      } catch {
        return [];
      }
    });
}

/**
 * Also matches by command name, because a test may use other state directories than the sandbox's own. Processes
 * started by a watchdog are recognised by their working directory, which is the state directory.
 */
function isBackground(stateDir: string, { command, cwd }: { command: string; cwd: string }): boolean {
  const worksInState = cwd === stateDir || cwd === `${stateDir} (deleted)`;
  return worksInState || /candle-(supervisor|watchdog)|\/dist\/supervisor\.js /.test(command);
}
