import type { Attempt } from './cases.ts';

/** What was seen of one attempt, as the page says it. */
export interface AttemptResult {
  /** The command of the service, and what that runs. */
  readonly command: string;
  /** What else was written, in words. */
  readonly written: string | undefined;
  readonly listensOn: Attempt['listensOn'];
  readonly whenTaken: Attempt['whenTaken'];
  /** Lines that `candle start` has printed on stderr. */
  readonly said: readonly string[];
}

export function writtenFor({ shell, runs, changed, config }: Attempt): Pick<AttemptResult, 'command' | 'written'> {
  const fields = Object.entries(config ?? {}).map(([field, value]) => `\`"${field}": ${JSON.stringify(value)}\``);
  const written = [...(changed === undefined ? [] : [changed.inWords]), ...fields];
  return {
    command: runs === undefined ? `\`${shell}\`` : `\`${shell}\` (\`${runs}\`)`,
    written: written.length === 0 ? undefined : written.join(', '),
  };
}
