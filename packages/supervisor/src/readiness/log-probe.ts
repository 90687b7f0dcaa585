import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { ReadyTarget } from '@candle/core/config';
import { quote } from '@candle/core/errors';
import { comparePositions, idleGapMs, logBeginning, MessageSearch, RunLog } from '@candle/core/logs';
import { type Run, runDir } from '@candle/core/runs';
import type { Supervision } from '../supervision.ts';
import type { ReadyProbe } from './ready-probe.ts';

const blockSize = 64 * 1024;
/** Blocks after which the search yields to the event loop: a run may have printed gigabytes before the first check. */
const blocksPerTick = 16;

/**
 * Ready when the run has printed a line with the text. Each check reads only the output that earlier checks have not
 * read.
 */
export function openLogProbe(
  { stateDir, waiting }: Pick<Supervision, 'stateDir' | 'waiting'>,
  run: Run,
  { text, isRegex }: Extract<ReadyTarget, { kind: 'log' }>,
): ReadyProbe {
  const regex = isRegex ? new RegExp(text, 'u') : undefined;
  // Without `plain`, a line counts only when it is complete: a longer line may continue it.
  const pattern = { matches: (line: string) => regex?.test(line) ?? line.includes(text) };
  let search = new MessageSearch(pattern);
  let grewAtMs = 0;
  const log = new RunLog(runDir(stateDir, run.id));
  let at = logBeginning;
  let isFound = false;
  let isClosed = false;

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
    search = new MessageSearch(pattern);
    return readOn();
  };

  const searchOn = async (): Promise<boolean> => {
    log.refresh();
    const { end } = log;
    if (comparePositions(end, at) < 0) {
      // The program truncated output that was not copied yet.
      at = { ...end, offset: 0 };
      search = new MessageSearch(pattern);
    }
    for (let blocks = 1; !isClosed && comparePositions(at, end) < 0; blocks++) {
      const bytes = readOn();
      if (bytes === undefined) break;
      grewAtMs = waiting.nowMs();
      if (search.add(bytes) !== undefined) return true;
      if (blocks % blocksPerTick === 0) await yieldToEventLoop();
    }
    // A prompt never gets a newline.
    return waiting.nowMs() - grewAtMs >= idleGapMs && search.checkRest() !== undefined;
  };

  return {
    awaited: `it has not printed ${quote(text)}`,
    check: async () => {
      isFound ||= !isClosed && (await searchOn());
      return isFound;
    },
    close: () => {
      isClosed = true;
      log.close();
    },
  };
}
