import { type PortMove, runDir } from '@candle/core';
import { findLaunch } from '../launch/launch.ts';
import { observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import type { OutdatedService } from './port-changes.ts';

/** The services of the project that run with the old number of a moved port, but for those that are started anew. */
export async function findOutdated(
  supervision: Supervision,
  projectDir: string,
  { moves, startedAnew }: { moves: readonly PortMove[]; startedAnew: ReadonlySet<string> },
): Promise<readonly OutdatedService[]> {
  if (moves.length === 0) return [];
  const runs = (await supervision.store.runs.listActive(projectDir)).filter((run) => !startedAnew.has(run.serviceName));
  const found = await Promise.all(
    runs.map(async (run): Promise<OutdatedService | undefined> => {
      const launch = findLaunch(runDir(supervision.stateDir, run.id));
      const texts = launch ? [launch.shell, ...Object.values(launch.env)] : [];
      const known = moves.filter(({ from }) => from !== undefined && texts.some((text) => speaksOf(text, from.port)));
      if (known.length === 0 || !(await observeRun(supervision, run)).isAlive) return undefined;
      return { name: run.serviceName, projectDir, runId: run.id, moves: known };
    }),
  );
  return found.filter((service) => service !== undefined);
}

/** The number stands there, and not as a part of a longer one. */
function speaksOf(text: string, port: number): boolean {
  return new RegExp(`(?<!\\d)${port}(?!\\d)`).test(text);
}
