import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isGuardAlive, listRunIds, runDir } from '@candle/core';
import { observeRun } from '../observe/observe-run.ts';
import { type Check, counted, type DoctorContext, ok, warning } from './check.ts';

/** What the supervisor says of itself in `supervisor.json`. */
interface SupervisorNote {
  readonly pid: number;
  readonly startToken: string;
  readonly version: string;
  readonly startedAtMs: number;
}

/** Does it live? Nothing that runs needs it to run on, but who copies output and starts again what failed? */
export const checkSupervisor: Check = {
  name: 'supervisor',
  run: async (context) => {
    const note = findNote(context.stateDir);
    const running = await countRunning(context);
    if (note && context.processes.isAlive(note)) return ok(describe(note, context));
    if (running === 0) return ok('None, and none is needed: no service runs');
    const sentence = `None, while ${counted(running, 'service runs', 'services run')}: output is kept where it is printed, and nothing is started again by itself`;
    return [warning(sentence, 'candle check-start')];
  },
};

function describe({ pid, version, startedAtMs }: SupervisorNote, { candleVersion }: DoctorContext): string {
  const differs = version === candleVersion ? '' : `; this is ${candleVersion}`;
  return `pid ${pid}, since ${new Date(startedAtMs).toISOString()}, of Candle ${version}${differs}`;
}

function findNote(stateDir: string): SupervisorNote | undefined {
  try {
    const note: Partial<SupervisorNote> = JSON.parse(readFileSync(join(stateDir, 'supervisor.json'), 'utf8'));
    const { pid, startToken, version = 'unknown', startedAtMs = 0 } = note;
    if (typeof pid !== 'number' || typeof startToken !== 'string') return undefined;
    return { pid, startToken, version, startedAtMs };
  } catch {
    return undefined;
  }
}

async function countRunning({ stateDir, supervision }: DoctorContext): Promise<number> {
  if (supervision === undefined) return listRunIds(stateDir).filter((id) => isGuardAlive(runDir(stateDir, id))).length;
  const runs = await supervision.store.runs.listActive();
  const observed = await Promise.all(runs.map((run) => observeRun(supervision, run)));
  return observed.filter(({ isAlive }) => isAlive).length;
}
