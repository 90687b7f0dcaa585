import { type ProjectContext, readProjectContext } from '@candle/core/projects';
import type { Run } from '@candle/core/runs';
import { findMembers } from '../members/find-members.ts';
import { findOrphanedRuns } from '../observe/find-orphans.ts';
import { marksOfRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import type { ListeningSockets, ProcessDescription } from '../system/process-table.ts';
import { isOfThisBoot } from '../system/process-table.ts';
import type { PortOwner } from './port-report.ts';

/**
 * Finds the processes that listen on these ports, oldest first. Processes are inspected only if there is a listener. `sockets`
 * is a snapshot of the listening sockets that several calls can share.
 */
export async function findPortOwners(
  supervision: Supervision,
  ports: readonly number[],
  sockets: ListeningSockets = supervision.processes.listening(),
): Promise<readonly PortOwner[]> {
  const { processes } = supervision;
  const described = new Map<number, ProcessDescription>();
  // A process that has ended in the meantime no longer uses the port.
  const named = sockets.named(...ports).filter(({ pid }) => {
    const found = pid === undefined ? undefined : (described.get(pid) ?? processes.describe(pid));
    if (found) described.set(found.pid, found);
    return pid === undefined || found !== undefined;
  });
  const runs = await findRunsOf(supervision, new Set(described.keys()), sockets);
  // A run that has just ended is no longer listed as active. If its process is gone too, it must not be reported as foreign.
  const owners = named.filter(({ pid }) => {
    const found = pid === undefined || runs.has(pid) ? undefined : described.get(pid);
    return found === undefined || processes.isAlive(found);
  });
  const contexts = new Map<string, ProjectContext>();
  const contextOf = (dir: string) => {
    const context = contexts.get(dir) ?? readProjectContext(dir);
    contexts.set(dir, context);
    return context;
  };
  return owners
    .map((owner): PortOwner => {
      const found = owner.pid === undefined ? undefined : described.get(owner.pid);
      const run = owner.pid === undefined ? undefined : runs.get(owner.pid);
      const uid = found?.uid ?? owner.uid;
      return {
        ...{ port: owner.port, addresses: owner.addresses ?? [], pid: found?.pid ?? null },
        ...{ command: found?.command ?? null, commandLine: found?.commandLine ?? null },
        ...{ cwd: found?.cwd ?? null, isCwdGone: found?.isCwdGone ?? false, startedAtMs: found?.startedAtMs ?? null },
        ...{ uid: uid ?? null, user: uid === undefined ? null : (processes.userName(uid) ?? null) },
        isWorker: owners.some(({ port, pid }) => port === owner.port && pid !== undefined && pid === found?.ppid),
        service: run ? { name: run.serviceName, runId: run.id, ...contextOf(run.projectDir) } : null,
      };
    })
    .toSorted(byAge(described));
}

/** Maps these processes to the runs, of any project, that they belong to. */
async function findRunsOf(
  supervision: Supervision,
  pids: ReadonlySet<number>,
  sockets: ListeningSockets,
): Promise<ReadonlyMap<number, Run>> {
  if (pids.size === 0) return new Map();
  const active = await supervision.store.runs.listActive();
  const found = await findMembersOf(supervision, active, { pids, sockets });
  if (found.size === pids.size) return found;
  const orphans = (await findOrphanedRuns(supervision)).map(({ run }) => run);
  return new Map([...(await findMembersOf(supervision, orphans, { pids, sockets })), ...found]);
}

async function findMembersOf(
  supervision: Supervision,
  active: readonly Run[],
  { pids, sockets }: { readonly pids: ReadonlySet<number>; readonly sockets: ListeningSockets },
): Promise<ReadonlyMap<number, Run>> {
  const { processes } = supervision;
  const found = new Map<number, Run>();
  const runs = active.filter(({ bootId }) => isOfThisBoot(processes, bootId));
  if (runs.length === 0) return found;
  const processSnapshot = { processes: processes.snapshot({ since: oldestShim(runs) }), sockets: () => sockets };
  for (const run of runs) {
    const marks = await marksOfRun(supervision, run, active);
    if (!marks) continue;
    for (const { pid } of findMembers(processSnapshot, marks).members) if (pids.has(pid)) found.set(pid, run);
    if (found.size === pids.size) break;
  }
  return found;
}

/**
 * A process that is older than every shim is not a member. Undefined if a start token is unknown, so that no process is
 * skipped.
 */
function oldestShim(runs: readonly Run[]): string | undefined {
  const tokens = runs.map(({ shim }) => shim?.startToken);
  if (tokens.some((token) => token === undefined || token === '')) return undefined;
  return String(Math.min(...tokens.map(Number)));
}

function byAge(described: ReadonlyMap<number, ProcessDescription>) {
  const age = ({ pid }: Pick<PortOwner, 'pid'>) =>
    Number((pid === null ? undefined : described.get(pid))?.startToken ?? Infinity);
  return (a: PortOwner, b: PortOwner) => {
    const [first, second] = [age(a), age(b)];
    return first === second ? (a.pid ?? 0) - (b.pid ?? 0) : first - second;
  };
}
