import { connect } from 'node:net';
import { type Run, runDir } from '@candle/core/runs';
import { findLaunch } from '../launch/launch.ts';
import {
  findMembers,
  listenersOf,
  type MachineSnapshot,
  type MemberListener,
  takeMachineSnapshot,
} from '../members/find-members.ts';
import { marksOfRun, readRecordedMembers } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import type { ListeningProcess, ProcessInfo } from '../system/process-table.ts';
import { isOfThisBoot } from '../system/process-table.ts';
import { decidePortCheck, decideUnreserved, type PortCheck, type PortObservation } from './port-check.ts';

export interface InspectedPort {
  readonly portCheck: PortCheck;
  /** The processes of the run and the ports they listen on; empty if there was no need to search for them. */
  readonly members: readonly ProcessInfo[];
  readonly listeners: readonly MemberListener[];
}

export interface InspectOptions {
  /** A snapshot of the machine shared by several runs. If omitted, a new one is taken. */
  readonly machineSnapshot?: MachineSnapshot | undefined;
  /** All active runs in this state directory, shared when several runs are inspected. */
  readonly active?: (() => Promise<readonly Run[]>) | undefined;
  /** The run is not expected to listen: without a reserved port, search for its processes only if a recorded one listens. */
  readonly isWorker?: (() => boolean) | undefined;
}

/**
 * Inspects how an active run uses its reserved port now, or whether it listens without one. Undefined if the run is from
 * another boot, or neither has a reserved port nor listens. Only queries the kernel, and writes nothing.
 */
export async function inspectPort(
  supervision: Supervision,
  run: Run,
  { machineSnapshot, active, isWorker }: InspectOptions = {},
): Promise<InspectedPort | undefined> {
  const { processes } = supervision;
  const { port, shim } = run;
  if (!isOfThisBoot(processes, run.bootId)) return undefined;
  const machine = machineSnapshot ?? takeMachineSnapshot(processes, shim?.startToken);
  if (port !== null && isAloneOnPort(supervision, run, port, machine)) {
    return { portCheck: decidePortCheck(observationOf(port, { own: [port] })), members: [], listeners: [] };
  }
  if (port === null && isWorker?.() && !listensAsRecorded(supervision, run, machine)) return undefined;
  const marks = await marksOfRun(supervision, run, await active?.());
  if (!marks) return undefined;
  const processSnapshot = machine.processSnapshot();
  const { members, detachedHelpers, outOfReach } = findMembers(processSnapshot, marks);
  const listeners = listenersOf(processSnapshot, members);
  const relatives = [...members, ...detachedHelpers, ...outOfReach].map(({ pid }) => pid);
  const further = findLaunch(runDir(supervision.stateDir, run.id))?.furtherPorts.map((one) => one.port) ?? [];
  const own = listeners.map((listener) => listener.port).filter((one) => !further.includes(one));
  if (port === null) {
    const portCheck = decideUnreserved(own);
    return portCheck && { portCheck, members, listeners };
  }
  const strangers = strangersOn(port, { machine, relatives });
  const isForwarded = own.length === 0 && strangers.length === 0 && (await portAccepts(port));
  return { portCheck: decidePortCheck(observationOf(port, { own, strangers, isForwarded })), members, listeners };
}

/**
 * Whether every listener on the port belongs to processes that are already recorded as members of the run. This is true for
 * nearly every run, and makes a search for its processes unnecessary.
 */
function isAloneOnPort(supervision: Supervision, run: Run, port: number, machine: MachineSnapshot): boolean {
  const sockets = machine.sockets();
  if (sockets.on(port).length === 0) return false;
  const pids = recordedPids(supervision, run);
  return pids.length > 0 && sockets.strangersOn(port, pids).length === 0;
}

function listensAsRecorded(supervision: Supervision, run: Run, machine: MachineSnapshot): boolean {
  return recordedPids(supervision, run).some((pid) => machine.sockets().portsOf(pid).length > 0);
}

/** The living ones of the processes that are recorded as members of the run. */
function recordedPids({ processes, stateDir }: Supervision, run: Run): readonly number[] {
  const recorded = readRecordedMembers(runDir(stateDir, run.id).members);
  return recorded.filter((member) => processes.isAlive(member)).map(({ pid }) => pid);
}

/** Identified by process where possible. A process that inherited a socket of the run is not a stranger. */
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

function observationOf(port: number, seen: Partial<PortObservation>): PortObservation {
  return { port, uid: process.geteuid?.() ?? 0, own: [], strangers: [], isForwarded: false, ...seen };
}

/** On loopback, connecting takes microseconds. A listener with a full queue does not respond at all. */
const answerTimeoutMs = 250;

/** Whether a process accepts connections on this loopback port. Connects and disconnects immediately. */
export async function portAccepts(port: number): Promise<boolean> {
  return (await accepts(port, '127.0.0.1')) || (await accepts(port, '::1'));
}

function accepts(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.setTimeout(answerTimeoutMs, () => answer(false));
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
