import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProgramResult, runProgram } from './run-program.ts';

export interface CandleOptions {
  /** Default: the project. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface SandboxProcess {
  readonly pid: number;
  readonly command: string;
}

/** A world of its own for one test: HOME, state directory, TMPDIR and one project, all below one temporary directory. */
export interface Sandbox {
  readonly root: string;
  readonly home: string;
  readonly stateDir: string;
  readonly projectDir: string;
  /** What candle is run with: nothing of the test's own environment but PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs the built CLI. */
  candle(args: readonly string[], options?: CandleOptions): Promise<ProgramResult>;
  /** The same with `--json`; the object that was printed. */
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on the form itself
  candleJson(args: readonly string[], options?: CandleOptions): Promise<any>;
  /** Writes `.candle.json` of the project; an object is written as JSON. */
  writeConfig(config: unknown): void;
  /** Writes a file of the project and returns its path. */
  writeFile(path: string, text: string): string;
  /** Processes that carry this sandbox's mark in their environment or work below its directory: candle, its services, and what they started. */
  processes(): readonly SandboxProcess[];
  /** The supervisor, its watchdog, and what these start: they leave by themselves when nothing runs. */
  background(): readonly SandboxProcess[];
  /** Stops every service, removes the directory; throws when a process was left that `kill-all` did not end. */
  close(): Promise<void>;
}

export interface SandboxParts {
  /** The bin of the CLI under test. */
  readonly bin: string;
  /** Without it the project has no `.candle.json`. */
  readonly config?: unknown;
}

/** Not `CANDLE_…`: these variables are taken out of a service's environment. */
const sandboxMark = 'TEST_SANDBOX';

export function openSandbox({ bin, config }: SandboxParts): Sandbox {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'candle-test-')));
  const [home, stateDir, projectDir, tmp] = ['home', 'state', 'project', 'tmp'].map((name) => join(root, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const dir of [home, projectDir, tmp]) mkdirSync(dir);
  const env = {
    // The directory of this Node first, so that the services of a test run on it too.
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
  const stop = await sandbox.candle(['kill-all'], { cwd: sandbox.root });
  await endSupervisor(sandbox);
  const left = [...sandbox.processes(), ...sandbox.background()];
  for (const { pid } of left) end(pid);
  rmSync(sandbox.root, { recursive: true, force: true });
  if (left.length > 0) throw new Error(`Left running: ${JSON.stringify(left)}\n${stop.stdout}${stop.stderr}`);
}

/** How long a supervisor that is just being started may take until it has seen that there is nothing to do. */
const supervisorTimeoutMs = 10_000;

/** It would leave by itself some moments later; asked, it leaves at once, and its watchdog with it. */
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
    // It has ended by itself.
  }
}

/** By the mark, or for a daemon that has wiped its environment, by the directory that it works in. */
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

/** A test may have state directories beside the sandbox's own; what a watchdog starts works in the state directory. */
function isBackground(stateDir: string, { command, cwd }: { command: string; cwd: string }): boolean {
  const worksInState = cwd === stateDir || cwd === `${stateDir} (deleted)`;
  return worksInState || /candle-(supervisor|watchdog)|\/dist\/supervisor\.js /.test(command);
}
