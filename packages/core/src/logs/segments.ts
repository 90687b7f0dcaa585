import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunDir } from '../runs/run-dir.ts';
import { comparePositions, findPosition, type LogPosition, positionText } from './log-position.ts';

/** A range of a run's output on disk: a file with only the program's bytes, and its time index. */
export interface Segment extends LogPosition {
  readonly path: string;
  readonly indexPath: string;
}

/** The files are named after the position of their first byte. */
export function segmentAt(dir: RunDir, position: LogPosition): Segment {
  const name = positionText(position);
  return { ...position, path: join(dir.log, `${name}.seg`), indexPath: join(dir.log, `${name}.idx`) };
}

/** Lists segments in order; empty if nothing was copied yet or the run's directory is gone. */
export function listSegments(dir: RunDir): readonly Segment[] {
  let names: string[];
  try {
    names = readdirSync(dir.log);
  } catch {
    return [];
  }
  return names
    .flatMap((name) => (name.endsWith('.seg') ? (findPosition(name.slice(0, -'.seg'.length)) ?? []) : []))
    .sort(comparePositions)
    .map((position) => segmentAt(dir, position));
}

/** The length in bytes; undefined if the segment was evicted. */
export function segmentLength({ path }: Segment): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
