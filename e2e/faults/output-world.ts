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
  /** With the state directory that is used. */
  readonly box: Sandbox;
  candle(args: readonly string[]): Promise<ProgramResult>;
  /** The directory of a service's newest run. */
  runPath(name: string): Promise<string>;
}

export interface WorldParts {
  /** The only one. */
  readonly service: Record<string, unknown> & { readonly shell: string };
  /** Another supervisor than the built one. */
  readonly supervisor?: string | undefined;
  readonly stateDir?: string;
}

/** A sandbox with its owner, whose user may be another than that of the test. */
export type OpenWorld = (box: Sandbox, parts: WorldParts) => OutputWorld;

interface OutputFaultOptions extends FaultOptions {
  /** Fault 55 is every fault of output as a user without rights; of this one that is shown in the bounded part too. */
  readonly isAlwaysShownAs55?: boolean;
}

type Proof = (open: OpenWorld, box: Sandbox, test: TestContext) => Promise<void>;

/** A fault of output, which is fault 55 as well, when it is made as a user that is not root. */
export function outputFault(
  number: number,
  promise: string,
  prove: Proof,
  { isAlwaysShownAs55 = false, ...options }: OutputFaultOptions = {},
): void {
  fault(number, promise, asThisUser(prove), options);
  fault(55, `not as root, fault ${number}: ${promise}`, asNonRoot(prove), {
    ...options,
    slow: options.slow === true || !isAlwaysShownAs55,
  });
}

export function asThisUser(prove: Proof) {
  return (test: TestContext): Promise<void> => prove(openWorld(undefined), sandbox(), test);
}

/** As the user nobody, when this one is root. */
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
    // The sandbox itself does not see to the state of another user, or to another state directory.
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
  // Files by which the test and the service or the supervisor speak to each other.
  for (const { name, parentPath } of readdirSync(box.root, { withFileTypes: true }).filter((one) => one.isFile()))
    chmodSync(join(parentPath, name), 0o666);
}
