import type { Run } from '../runs/run.ts';
import type { runs } from './schema.ts';

export function toRun({ guardPid, guardStartToken, ...row }: typeof runs.$inferSelect): Run {
  const guard = guardPid !== null && guardStartToken !== null ? { pid: guardPid, startToken: guardStartToken } : null;
  return { ...row, guard };
}

export function toRunRow({ guard, ...run }: Run): typeof runs.$inferInsert {
  return { ...run, guardPid: guard?.pid ?? null, guardStartToken: guard?.startToken ?? null };
}
