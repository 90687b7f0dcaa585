import { type Run, runDir } from '@candle/core';
import { findMembers } from '../members/find-members.ts';
import { listenersOf, type MemberListener } from '../members/listening-members.ts';
import { lookAtMachine, type MachineLook } from '../members/machine-look.ts';
import { marksOfRun, readRecordedMembers } from '../observe/marks-of-run.ts';
import type { Supervision } from '../supervision.ts';
import { isOfThisBoot } from '../system/is-of-this-boot.ts';
import { portAccepts } from '../system/port-accepts.ts';
import type { PortHolder, ProcessInfo } from '../system/process-table.ts';
import type { Contract } from './contract.ts';
import { judgeContract, type PortFacts } from './judge-contract.ts';

export interface LookedAtContract {
  readonly contract: Contract;
  /** The processes of the run and what they listen on; empty when they had not to be searched for. */
  readonly members: readonly ProcessInfo[];
  readonly listeners: readonly MemberListener[];
}

export interface LookOptions {
  /** One look at the machine for several runs; left out, one of its own. */
  readonly look?: MachineLook | undefined;
  /** All active runs of this state directory, where many are asked about. */
  readonly active?: (() => Promise<readonly Run[]>) | undefined;
}

/**
 * What a run that is active makes of its reserved port now; undefined when it has none, or is of another boot. Asks the
 * kernel only, and writes nothing.
 */
export async function lookAtContract(
  supervision: Supervision,
  run: Run,
  { look, active }: LookOptions = {},
): Promise<LookedAtContract | undefined> {
  const { processes } = supervision;
  const { port, guard } = run;
  if (port === null || !isOfThisBoot(processes, run.bootId)) return undefined;
  const machine = look ?? lookAtMachine(processes, guard?.startToken);
  if (isAloneOnPort(supervision, run, port, machine)) {
    return { contract: judgeContract(factsOf(port, { own: [port] })), members: [], listeners: [] };
  }
  const marks = await marksOfRun(supervision, run, await active?.());
  if (!marks) return undefined;
  const view = machine.view();
  const { members, bystanders, outOfReach } = findMembers(view, marks);
  const listeners = listenersOf(view, members);
  const relatives = [...members, ...bystanders, ...outOfReach].map(({ pid }) => pid);
  const own = listeners.map((listener) => listener.port);
  const strangers = strangersOn(port, { machine, relatives });
  const isForwarded = own.length === 0 && strangers.length === 0 && (await portAccepts(port));
  return { contract: judgeContract(factsOf(port, { own, strangers, isForwarded })), members, listeners };
}

/**
 * Is all that listens on the port in the hands of processes that an earlier look has found to be the run's? So it is with
 * nearly every run, and then nobody has to be searched for.
 */
function isAloneOnPort({ processes, stateDir }: Supervision, run: Run, port: number, machine: MachineLook): boolean {
  const sockets = machine.sockets();
  if (sockets.on(port).length === 0) return false;
  const known = readRecordedMembers(runDir(stateDir, run.id).members).filter((member) => processes.isAlive(member));
  const pids = known.map(({ pid }) => pid);
  return pids.length > 0 && sockets.strangersOn(port, pids).length === 0;
}

/** By name where that can be found out. Who has inherited a socket of the run's is none. */
function strangersOn(
  port: number,
  { machine, relatives }: { machine: MachineLook; relatives: readonly number[] },
): readonly PortHolder[] {
  if (machine.sockets().strangersOn(port, relatives).length === 0) return [];
  return machine
    .sockets()
    .named(port)
    .filter(({ pid }) => pid === undefined || !relatives.includes(pid));
}

function factsOf(port: number, seen: Partial<PortFacts>): PortFacts {
  return { port, uid: process.geteuid?.() ?? 0, own: [], strangers: [], isForwarded: false, ...seen };
}
