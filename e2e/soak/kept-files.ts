import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Reads the output of a run from its segments, without any of Candle's code. */
export function readSegments(runDir: string): { readonly text: string; readonly problem?: string } {
  const dir = join(runDir, 'log');
  const names = existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.seg')) : [];
  const segments = names
    .map((name) => {
      const [epoch, offset] = name.split('.').map(Number);
      return { path: join(dir, name), epoch: epoch ?? 0, offset: offset ?? 0 };
    })
    .sort((a, b) => a.offset - b.offset);
  let end: number | undefined;
  for (const { path, epoch, offset } of segments) {
    if (epoch !== 0) return { text: '', problem: `epoch ${epoch}, although the program truncates nothing` };
    if (end !== undefined && end !== offset) return { text: '', problem: `a gap from ${end} to ${offset}` };
    end = offset + statSync(path).size;
  }
  return { text: Buffer.concat(segments.map(({ path }) => readFileSync(path))).toString() };
}
