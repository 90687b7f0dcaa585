import { availableParallelism, cpus, loadavg } from 'node:os';

/** Describes the machine. Milliseconds depend on it, ratios should not. */
export function describeMachine(loadBefore: string): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  return `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${availableParallelism()} cores (${model}), load ${loadBefore} before and ${readLoad()} after.`;
}

/** Load average of the last minute. */
export function readLoad(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
