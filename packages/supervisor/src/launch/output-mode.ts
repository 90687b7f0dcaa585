import type { OutputMode } from '@candle/core/config';
import { hasTruncated } from '@candle/core/logs';
import type { Run, RunDir } from '@candle/core/runs';

/** Where a run prints to. `pipe-instead`: to a pipe, because an earlier run of the same command truncated its output. */
export type RunOutput = 'file' | 'pipe' | 'pipe-instead';

/** Where the next run prints to, given the last run of the service, if there was one. */
export function chooseOutput(
  mode: OutputMode,
  { shell }: Pick<Run, 'shell'>,
  last: (Pick<Run, 'shell'> & { readonly dir: RunDir }) | undefined,
): RunOutput {
  if (mode !== 'auto') return mode;
  // On other systems, opening /dev/stderr again does not truncate anything.
  const isAffected = process.platform === 'linux' && last?.shell === shell && hasTruncated(last.dir);
  return isAffected ? 'pipe-instead' : 'file';
}
