import { readdirSync, readFileSync } from 'node:fs';
import { supervisorsOf } from './processes.ts';
import type { World } from './world.ts';

/** The supervisor's resource usage at one moment. */
export interface Sample {
  readonly pid: number;
  readonly rssKiB: number;
  readonly descriptors: number;
  /** CPU time since the supervisor started. */
  readonly cpuMs: number;
  readonly atMs: number;
}

const msPerTick = 10;

export function takeSample({ box }: World): Sample | undefined {
  const [pid] = supervisorsOf(box);
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/\(.*\)/s, '()')
      .split(' ');
    return {
      pid: pid ?? 0,
      rssKiB: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]),
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
      cpuMs: (Number(stat[13]) + Number(stat[14])) * msPerTick,
      atMs: performance.now(),
    };
  } catch {
    return undefined;
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Returns median memory and CPU usage in the first and the last third of the samples. */
export function thirdsOf(samples: readonly Sample[]): { first: Third; last: Third } {
  const length = Math.floor(samples.length / 3);
  return { first: thirdOf(samples.slice(0, length)), last: thirdOf(samples.slice(-length)) };
}

export interface Third {
  readonly rssMiB: number;
  readonly cpuPercent: number;
}

function thirdOf(samples: readonly Sample[]): Third {
  const [first, last] = [samples.at(0), samples.at(-1)];
  return {
    rssMiB: median(samples.map(({ rssKiB }) => rssKiB)) / 1024,
    cpuPercent: first && last ? ((last.cpuMs - first.cpuMs) / (last.atMs - first.atMs)) * 100 : Number.NaN,
  };
}
