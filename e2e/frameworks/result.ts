import type { Attempt } from './framework-case.ts';

/** What was seen of one attempt, as the page says it. */
export interface AttemptResult {
  /** The command of the service and what that runs; then what else was written. */
  readonly written: readonly string[];
  readonly listensOn: Attempt['listensOn'];
  readonly whenTaken: Attempt['whenTaken'];
  /** What `candle start` has told of the reserved port, a line each: what is wrong, and what to do. */
  readonly said: readonly string[];
}

export function writtenFor({ shell, runs, changed, config = {}, isOvertaken }: Attempt): readonly string[] {
  return [
    runs === undefined ? `\`${shell}\`` : `\`${shell}\` (\`${runs}\`)`,
    ...(changed === undefined ? [] : [changed.inWords]),
    ...Object.entries(config).map(([field, value]) => `\`"${field}": ${JSON.stringify(value)}\``),
    ...(isOvertaken ? ['another program takes 4000 before it does'] : []),
  ];
}
