import { rename, rm, writeFile } from 'node:fs/promises';
import { type Run, runDir } from '@candle/core';
import { findMembers, type ProcessSnapshot, takeProcessSnapshot } from '../members/find-members.ts';
import type { Supervision } from '../supervision.ts';
import { marksOfRun } from './marks-of-run.ts';

/**
 * Writes down who belongs to the run now: a process that later leaves no other mark is still known by its start time.
 * Most runs never need it, so a disk that has become full does not make a start fail that has succeeded.
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
  // Several starts may wait for one run: each writes the whole or nothing.
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, JSON.stringify(recorded), { mode: 0o600 })
    .then(() => rename(draft, path))
    .catch(() => rm(draft, { force: true }));
}
