import { rename, rm, writeFile } from 'node:fs/promises';
import { type Run, runDir } from '@candle/core';
import { findMembers, type ProcessSnapshot, takeProcessSnapshot } from '../members/find-members.ts';
import type { Supervision } from '../supervision.ts';
import { marksOfRun } from './marks-of-run.ts';

/**
 * Records the current members of the run, so that a process that later loses all other marks is still recognised by its
 * pid and start time. Most runs never need this, so a full disk does not make a successful start fail.
 */
export async function recordMembers(
  supervision: Supervision,
  run: Run,
  processSnapshot?: ProcessSnapshot,
): Promise<void> {
  const marks = await marksOfRun(supervision, run);
  if (!marks) return;
  const { members } = findMembers(
    processSnapshot ?? takeProcessSnapshot(supervision.processes, marks.shim?.startToken),
    marks,
  );
  const recorded = members.map(({ pid, startToken, sid }) => ({ pid, startToken, sid }));
  if (JSON.stringify(recorded) === JSON.stringify(marks.recorded)) return;
  const path = runDir(supervision.stateDir, run.id).members;
  // Several commands may wait for the same run: the rename makes each write atomic.
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, JSON.stringify(recorded), { mode: 0o600 })
    .then(() => rename(draft, path))
    .catch(() => rm(draft, { force: true }));
}
