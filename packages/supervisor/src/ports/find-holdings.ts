import { type ProjectPlace, type Run, readProjectPlace } from '@candle/core';
import { findMembers } from '../members/find-members.ts';
import { marksOfRun } from '../observe/marks-of-run.ts';
import type { Supervision } from '../supervision.ts';
import { isOfThisBoot } from '../system/is-of-this-boot.ts';
import type { ListeningSockets, ProcessDescription } from '../system/process-table.ts';
import type { PortHolding } from './port-report.ts';

/** Who listens on these ports, oldest first. Processes are looked at only when somebody does. `sockets`: one look at them for all. */
export async function findHoldings(
  supervision: Supervision,
  ports: readonly number[],
  sockets: ListeningSockets = supervision.processes.listening(),
): Promise<readonly PortHolding[]> {
  const { processes } = supervision;
  const described = new Map<number, ProcessDescription>();
  // A process that has ended meanwhile holds nothing any more.
  const named = sockets.named(...ports).filter(({ pid }) => {
    const found = pid === undefined ? undefined : (described.get(pid) ?? processes.describe(pid));
    if (found) described.set(found.pid, found);
    return pid === undefined || found !== undefined;
  });
  const runs = await findRunsOf(supervision, new Set(described.keys()), sockets);
  // A run that has ended since then is not listed any more: its process, if it is gone too, must not pass for a stranger.
  const holders = named.filter(({ pid }) => {
    const found = pid === undefined || runs.has(pid) ? undefined : described.get(pid);
    return found === undefined || processes.isAlive(found);
  });
  const places = new Map<string, ProjectPlace>();
  const placeOf = (dir: string) => {
    const place = places.get(dir) ?? readProjectPlace(dir);
    places.set(dir, place);
    return place;
  };
  return holders
    .map((holder): PortHolding => {
      const found = holder.pid === undefined ? undefined : described.get(holder.pid);
      const run = holder.pid === undefined ? undefined : runs.get(holder.pid);
      const uid = found?.uid ?? holder.uid;
      return {
        ...{ port: holder.port, addresses: holder.addresses ?? [], pid: found?.pid ?? null },
        ...{ command: found?.command ?? null, commandLine: found?.commandLine ?? null },
        ...{ cwd: found?.cwd ?? null, isCwdGone: found?.isCwdGone ?? false, startedAtMs: found?.startedAtMs ?? null },
        ...{ uid: uid ?? null, user: uid === undefined ? null : (processes.userName(uid) ?? null) },
        isWorker: holders.some(({ port, pid }) => port === holder.port && pid !== undefined && pid === found?.ppid),
        service: run ? { name: run.serviceName, runId: run.id, ...placeOf(run.projectDir) } : null,
      };
    })
    .toSorted(byAge(described));
}

/** The active runs, of whatever project, whose members these processes are. */
async function findRunsOf(
  supervision: Supervision,
  pids: ReadonlySet<number>,
  sockets: ListeningSockets,
): Promise<ReadonlyMap<number, Run>> {
  const { store, processes } = supervision;
  const found = new Map<number, Run>();
  const active = pids.size === 0 ? [] : await store.runs.listActive();
  const runs = active.filter(({ bootId }) => isOfThisBoot(processes, bootId));
  if (runs.length === 0) return found;
  const view = { processes: processes.snapshot({ since: oldestGuard(runs) }), sockets: () => sockets };
  for (const run of runs) {
    const marks = await marksOfRun(supervision, run, active);
    if (!marks) continue;
    for (const { pid } of findMembers(view, marks).members) if (pids.has(pid)) found.set(pid, run);
    if (found.size === pids.size) break;
  }
  return found;
}

/** What began before every guard is no member. Undefined when one is not known, so that nothing is left out. */
function oldestGuard(runs: readonly Run[]): string | undefined {
  const tokens = runs.map(({ guard }) => guard?.startToken);
  if (tokens.some((token) => token === undefined || token === '')) return undefined;
  return String(Math.min(...tokens.map(Number)));
}

function byAge(described: ReadonlyMap<number, ProcessDescription>) {
  const age = ({ pid }: Pick<PortHolding, 'pid'>) =>
    Number((pid === null ? undefined : described.get(pid))?.startToken ?? Infinity);
  return (a: PortHolding, b: PortHolding) => {
    const [first, second] = [age(a), age(b)];
    return first === second ? (a.pid ?? 0) - (b.pid ?? 0) : first - second;
  };
}
