import { chmodSync, chownSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ProgramResult, runProgram, type Sandbox, until } from '@candle/test-kit';
import { onTestFinished, type TestContext } from 'vitest';
import { launcher, nobody, whyNoOtherUser } from '../test/bad-input/as-user.ts';
import { bin, sandbox } from '../test/sandbox.ts';
import { findSupervisor } from '../test/supervisor-of.ts';
import { copyOfCli } from './copy-of-cli.ts';
import { type FaultOptions, fault } from './fault.ts';

export interface OutputWorld {
  /** The sandbox, with the state directory in use. */
  readonly box: Sandbox;
  candle(args: readonly string[]): Promise<ProgramResult>;
  /** Returns the directory of a service's newest run. */
  runPath(name: string): Promise<string>;
}

export interface WorldParts {
  /** The only service in the configuration. */
  readonly service: Record<string, unknown> & { readonly shell: string };
  /** The script of a supervisor that replaces the built one. */
  readonly supervisor?: string | undefined;
  readonly stateDir?: string;
}

/** Sets up a sandbox in which Candle may run as another user than the test. */
export type OpenWorld = (box: Sandbox, parts: WorldParts) => OutputWorld;

interface OutputFaultOptions extends FaultOptions {
  /** Runs the fault as an ordinary user (fault 55) in `npm test` too, not only in `npm run test:faults`. */
  readonly isAlwaysRunAs55?: boolean;
}

type Proof = (open: OpenWorld, box: Sandbox, test: TestContext) => Promise<void>;

/** Tests an output fault twice: as this user, and as an ordinary user, which is fault 55. */
export function outputFault(
  number: number,
  promise: string,
  prove: Proof,
  { isAlwaysRunAs55 = false, ...options }: OutputFaultOptions = {},
): void {
  fault(number, promise, asThisUser(prove), options);
  fault(55, `as an ordinary user, fault ${number}: ${promise}`, asNonRoot(prove), {
    ...options,
    slow: options.slow === true || !isAlwaysRunAs55,
  });
}

export function asThisUser(prove: Proof) {
  return (test: TestContext): Promise<void> => prove(openWorld(undefined), sandbox(), test);
}

/** Runs the test as the user nobody if this user is root. */
export function asNonRoot(prove: Proof) {
  return async (test: TestContext): Promise<void> => {
    const isRoot = process.geteuid?.() === 0;
    if (isRoot && whyNoOtherUser !== undefined) test.skip(whyNoOtherUser);
    await prove(openWorld(isRoot ? nobody : undefined), sandbox(), test);
  };
}

function openWorld(uid: number | undefined): OpenWorld {
  return (box, { service, supervisor, stateDir = box.stateDir }) => {
    box.writeConfig({ services: [{ name: 'api', ...service }] });
    const script = supervisor === undefined ? bin : copyOfCli(box, { supervisor }).bin;
    const command = uid === undefined ? [script] : [launcher, String(uid), script];
    const env = { ...box.env, CANDLE_STATE_DIR: stateDir };
    const candle = (args: readonly string[]) =>
      runProgram(process.execPath, [...command, ...args], { cwd: box.projectDir, env });
    if (uid !== undefined) {
      giveTo(uid, box);
      if (stateDir !== box.stateDir) chownSync(dirname(stateDir), uid, uid);
    }
    const own = { ...box, stateDir };
    // The sandbox does not clean up another user's state or another state directory.
    onTestFinished(async () => {
      await candle(['kill-all']);
      const supervisor = findSupervisor(own);
      if (supervisor) process.kill(supervisor.pid, 'SIGTERM');
      await until('the supervisor has left', () => findSupervisor(own) === undefined);
    });
    const runPath = async (name: string) => {
      const { services } = JSON.parse((await candle(['list', name, '--json'])).stdout);
      return join(stateDir, 'runs', services[0].runId);
    };
    return { box: own, candle, runPath };
  };
}

function giveTo(uid: number, box: Sandbox): void {
  for (const dir of [box.root, box.home, box.projectDir, join(box.root, 'tmp')]) chownSync(dir, uid, uid);
  // The test communicates with the service or the supervisor through these files.
  for (const { name, parentPath } of readdirSync(box.root, { withFileTypes: true }).filter((one) => one.isFile()))
    chmodSync(join(parentPath, name), 0o666);
}
