import { type Run, runDir } from '@candle/core';
import { findMembers } from '../members/find-members.ts';
import { listenersOf, type MemberListener } from '../members/listening-members.ts';
import { type MachineSnapshot, takeMachineSnapshot } from '../members/machine-snapshot.ts';
import { marksOfRun, readRecordedMembers } from '../observe/marks-of-run.ts';
import type { Supervision } from '../supervision.ts';
import { isOfThisBoot } from '../system/is-of-this-boot.ts';
import { portAccepts } from '../system/port-accepts.ts';
import type { ListeningProcess, ProcessInfo } from '../system/process-table.ts';
import { decidePortCheck, type PortFacts } from './decide-port-check.ts';
import type { PortCheck } from './port-check.ts';

export interface InspectedPort {
  readonly portCheck: PortCheck;
  /** The processes of the run and what they listen on; empty when they had not to be searched for. */
  readonly members: readonly ProcessInfo[];
  readonly listeners: readonly MemberListener[];
}

export interface InspectOptions {
  /** One look at the machine for several runs; left out, one of its own. */
  readonly machineSnapshot?: MachineSnapshot | undefined;
  /** All active runs of this status directory, where many are asked about. */
  readonly active?: (() => Promise<readonly Run[]>) | undefined;
}

/**
 * What a run that is active makes of its reserved port now; undefined when it has none, or is of another boot. Asks the
 * kernel only, and writes nothing.
 */
export async function inspectPort(
  supervision: Supervision,
  run: Run,
  { machineSnapshot, active }: InspectOptions = {},
): Promise<InspectedPort | undefined> {
  const { processes } = supervision;
  const { port, shim } = run;
  if (port === null || !isOfThisBoot(processes, run.bootId)) return undefined;
  const machine = machineSnapshot ?? takeMachineSnapshot(processes, shim?.startToken);
  if (isAloneOnPort(supervision, run, port, machine)) {
    return { portCheck: decidePortCheck(factsOf(port, { own: [port] })), members: [], listeners: [] };
  }
  const marks = await marksOfRun(supervision, run, await active?.());
  if (!marks) return undefined;
  const processSnapshot = machine.processSnapshot();
  const { members, detachedHelpers, outOfReach } = findMembers(processSnapshot, marks);
  const listeners = listenersOf(processSnapshot, members);
  const relatives = [...members, ...detachedHelpers, ...outOfReach].map(({ pid }) => pid);
  const own = listeners.map((listener) => listener.port);
  const strangers = strangersOn(port, { machine, relatives });
  const isForwarded = own.length === 0 && strangers.length === 0 && (await portAccepts(port));
  return { portCheck: decidePortCheck(factsOf(port, { own, strangers, isForwarded })), members, listeners };
}

/**
 * Is all that listens on the port in the hands of processes that an earlier look has found to be the run's? So it is with
 * nearly every run, and then nobody has to be searched for.
 */
function isAloneOnPort(
  { processes, stateDir }: Supervision,
  run: Run,
  port: number,
  machine: MachineSnapshot,
): boolean {
  const sockets = machine.sockets();
  if (sockets.on(port).length === 0) return false;
  const known = readRecordedMembers(runDir(stateDir, run.id).members).filter((member) => processes.isAlive(member));
  const pids = known.map(({ pid }) => pid);
  return pids.length > 0 && sockets.strangersOn(port, pids).length === 0;
}

/** By name where that can be found out. Who has inherited a socket of the run's is none. */
function strangersOn(
  port: number,
  { machine, relatives }: { machine: MachineSnapshot; relatives: readonly number[] },
): readonly ListeningProcess[] {
  if (machine.sockets().strangersOn(port, relatives).length === 0) return [];
  return machine
    .sockets()
    .named(port)
    .filter(({ pid }) => pid === undefined || !relatives.includes(pid));
}

function factsOf(port: number, seen: Partial<PortFacts>): PortFacts {
  return { port, uid: process.geteuid?.() ?? 0, own: [], strangers: [], isForwarded: false, ...seen };
}
