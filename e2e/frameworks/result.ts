import type { Attempt } from './framework-case.ts';

/** The result of one attempt, as the page shows it. */
export interface AttemptResult {
  /** The command of the service with the command that it runs, followed by other changes. */
  readonly written: readonly string[];
  readonly listensOn: Attempt['listensOn'];
  readonly whenTaken: Attempt['whenTaken'];
  /** The lines that `candle start` printed about the reserved port: the problem, then the fix. */
  readonly messages: readonly string[];
}

/** What a browser shows if it opens the service under its host name. */
export interface NameResult {
  /** Such as `its scripts run`. */
  readonly works: readonly string[];
  /** What the framework needs for that; undefined if nothing. */
  readonly setting: string | undefined;
}

export function writtenFor({ shell, runs, changed, config = {}, isOvertaken }: Attempt): readonly string[] {
  return [
    runs === undefined ? `\`${shell}\`` : `\`${shell}\` (\`${runs}\`)`,
    ...(changed === undefined ? [] : [changed.inWords]),
    ...Object.entries(config).map(([field, value]) => `\`"${field}": ${JSON.stringify(value)}\``),
    ...(isOvertaken ? ['another program takes 4000 first'] : []),
  ];
}
