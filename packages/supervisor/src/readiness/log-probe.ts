import type { ReadyTarget } from '@candle/core/config';
import { isCandleError, quote } from '@candle/core/errors';
import {
  comparePositions,
  idleGapMs,
  linePattern,
  logBeginning,
  MessageSearch,
  RunLog,
  timeSlices,
} from '@candle/core/logs';
import { type Run, runDir } from '@candle/core/runs';
import type { Supervision } from '../supervision.ts';
import type { ReadyProbe } from './ready-probe.ts';

const blockSize = 64 * 1024;

/**
 * Ready when the run has printed a line with the text. Each check reads only the output that earlier checks have not
 * read.
 */
export function openLogProbe(
  { stateDir, waiting, onActivity }: Pick<Supervision, 'stateDir' | 'waiting' | 'onActivity'>,
  run: Run,
  { text, isRegex }: Extract<ReadyTarget, { kind: 'log' }>,
): ReadyProbe {
  const closing = new AbortController();
  const { signal } = closing;
  // Without `plain`, a line counts only when it is complete: a longer line may continue it.
  const openPattern = async (): Promise<{ matches(line: string): boolean }> => {
    try {
      const { matches } = await linePattern(text, { isRegex });
      return { matches };
    } catch (error) {
      if (!isCandleError(error)) throw error;
      // The run was started by a version of Candle with another syntax.
      awaited = error.message;
      return { matches: () => false };
    }
  };
  let awaited = `it has not printed ${quote(text)}`;
  let opened: ReturnType<typeof openPattern> | undefined;
  let search: MessageSearch | undefined;
  let grewAtMs = 0;
  const log = new RunLog(runDir(stateDir, run.id));
  let at = logBeginning;
  let isFound = false;

  const readOn = (): Buffer | undefined => {
    const bytes = log.read(at, blockSize);
    if (bytes && bytes.length > 0) {
      at = { ...at, offset: at.offset + bytes.length };
      return bytes;
    }
    // The output was evicted, or the program truncated it: continue with the next range.
    const next = log.ranges.find(({ epoch, from }) => comparePositions({ epoch, offset: from }, at) > 0);
    if (!next) return undefined;
    at = { epoch: next.epoch, offset: next.from };
    search = undefined;
    return readOn();
  };

  const searchOn = async (): Promise<boolean> => {
    opened ??= openPattern();
    const pattern = await opened;
    if (signal.aborted) return false;
    log.refresh();
    const { end } = log;
    if (comparePositions(end, at) < 0) {
      // The program truncated output that was not copied yet.
      at = { ...end, offset: 0 };
      search = undefined;
    }
    // A run may have printed gigabytes before the first check.
    while (comparePositions(at, end) < 0) {
      if (timeSlices().isOver()) await timeSlices().next();
      if (signal.aborted) return false;
      const bytes = readOn();
      if (bytes === undefined) break;
      grewAtMs = waiting.nowMs();
      onActivity?.(`searching the output of ${run.serviceName} (run ${run.id})`);
      search ??= new MessageSearch(pattern, signal);
      if ((await search.add(bytes)) !== undefined) return true;
    }
    // A prompt never gets a newline.
    return !signal.aborted && waiting.nowMs() - grewAtMs >= idleGapMs && search?.checkRest() !== undefined;
  };

  return {
    get awaited() {
      return awaited;
    },
    check: async () => {
      isFound ||= !signal.aborted && (await searchOn());
      return isFound;
    },
    close: () => {
      closing.abort();
      log.close();
    },
  };
}
