import type { Attempt } from './framework-case.ts';

/** What was seen of one attempt, as the page says it. */
export interface AttemptResult {
  /** The command of the service, and what that runs. */
  readonly command: string;
  /** What else was written, in words. */
  readonly written: string | undefined;
  readonly listensOn: Attempt['listensOn'];
  readonly whenTaken: Attempt['whenTaken'];
  /** What `candle start` has told of the reserved port, a line each: what is wrong, and what to do. */
  readonly said: readonly string[];
}

export function writtenFor({
  shell,
  runs,
  changed,
  config,
  isOvertaken,
}: Attempt): Pick<AttemptResult, 'command' | 'written'> {
  const fields = Object.entries(config ?? {}).map(([field, value]) => `\`"${field}": ${JSON.stringify(value)}\``);
  const meanwhile = isOvertaken ? ['another program takes 4000 before it does'] : [];
  const written = [...(changed === undefined ? [] : [changed.inWords]), ...fields, ...meanwhile];
  return {
    command: runs === undefined ? `\`${shell}\`` : `\`${shell}\` (\`${runs}\`)`,
    written: written.length === 0 ? undefined : written.join(', '),
  };
}
