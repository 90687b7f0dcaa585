import type { Run } from '../runs/run.ts';
import type { runs } from './schema.ts';

export function toRun({ shimPid, shimStartToken, ...row }: typeof runs.$inferSelect): Run {
  const shim = shimPid !== null && shimStartToken !== null ? { pid: shimPid, startToken: shimStartToken } : null;
  return { ...row, shim };
}

export function toRunRow({ shim, ...run }: Run): typeof runs.$inferInsert {
  return { ...run, shimPid: shim?.pid ?? null, shimStartToken: shim?.startToken ?? null };
}
