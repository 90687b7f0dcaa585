import { existsSync } from 'node:fs';
import { isShimAlive, listRunIds, quote, type Run, type RunDir, readRecord, runDir, shellWord } from '@candle/core';
import { observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import { type Check, counted, type Finding, ok, problem, warning } from './check.ts';

/** Do the ledger, the run directories and the processes say the same? */
export const checkRuns: Check = {
  name: 'runs',
  run: async ({ stateDir, supervision }) => {
    if (supervision === undefined) return listLiveWithoutStore(stateDir);
    const active = await supervision.store.runs.listActive();
    const observed = await Promise.all(active.map((run) => observeRun(supervision, run)));
    const living = observed.filter(({ isAlive }) => isAlive).map(({ run }) => run);
    const findings = [
      ...endedUnnoticed(observed.length - living.length),
      ...ofDeletedProjects(living),
      ...(await unknownRuns(supervision)),
    ];
    return findings.length > 0
      ? findings
      : ok(`${counted(living.length, 'service runs', 'services run')}, and nothing is left over`);
  },
};

/** Without a ledger that can be used, only what runs can be told. */
function listLiveWithoutStore(stateDir: string): readonly Finding[] {
  const living = listRunIds(stateDir).filter((id) => isShimAlive(runDir(stateDir, id)));
  if (living.length === 0) return ok('Nothing runs');
  return [warning(`${counted(living.length, 'service runs', 'services run')}, and there is no ledger to compare with`)];
}

function endedUnnoticed(number: number): readonly Finding[] {
  if (number === 0) return [];
  const sentence = `${counted(number, 'service has', 'services have')} ended, and the ledger has not heard of it yet`;
  return [warning(sentence, 'It hears of it at the next start or kill: candle kill --all')];
}

function ofDeletedProjects(living: readonly Run[]): readonly Finding[] {
  return living
    .filter(({ projectDir }) => !existsSync(projectDir))
    .map(({ serviceName, projectDir }) =>
      warning(
        `Service ${quote(serviceName)} runs, and its project is gone: ${projectDir}`,
        `candle kill --project ${shellWord(projectDir)}`,
      ),
    );
}

async function unknownRuns({ stateDir, store }: Supervision): Promise<readonly Finding[]> {
  const known = new Set(await store.runs.listIds());
  const unknown = listRunIds(stateDir)
    .filter((id) => !known.has(id))
    .map((id) => runDir(stateDir, id));
  const orphans = unknown.filter(isShimAlive);
  const left = unknown.filter((dir) => !orphans.includes(dir));
  return [...orphans.map(describeOrphan), ...(left.length === 0 ? [] : [describeLeft(left)])];
}

function describeOrphan(dir: RunDir): Finding {
  const pid = readRecord(dir.pid);
  // The guard leads a process group of its own.
  const hint = pid === undefined ? undefined : `To end it: kill -- -${pid}`;
  return problem(
    `A program runs that the ledger does not know: ${dir.path}${pid === undefined ? '' : ` (pid ${pid})`}`,
    hint,
  );
}

function describeLeft(left: readonly RunDir[]): Finding {
  const sentence = `${counted(left.length, 'run directory belongs', 'run directories belong')} to no run that the ledger knows`;
  return warning(sentence, `rm -r ${left.map(({ path }) => shellWord(path)).join(' ')}`);
}
