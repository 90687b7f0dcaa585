import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { comparePositions, type LogPosition, quote, type ReadyTarget, type Run, RunLog, runDir } from '@candle/core';
import type { Supervision } from '../supervision.ts';
import { LineSearch } from './line-search.ts';
import type { ReadyProbe } from './ready-probe.ts';

const blockSize = 64 * 1024;
/** Blocks after which others get their turn: a run may have printed gigabytes before anybody looked. */
const blocksAtOnce = 16;

/** The run has printed a line with the text. What one look has read, the next does not read again. */
export function openLogProbe(
  { stateDir, waiting }: Pick<Supervision, 'stateDir' | 'waiting'>,
  run: Run,
  { text, isRegex }: Extract<ReadyTarget, { kind: 'log' }>,
): ReadyProbe {
  const regex = isRegex ? new RegExp(text, 'u') : undefined;
  const search = new LineSearch((line) => regex?.test(line) ?? line.includes(text), waiting.nowMs);
  const log = new RunLog(runDir(stateDir, run.id));
  let at: LogPosition = { epoch: 0, offset: 0 };
  let isFound = false;
  let isClosed = false;

  const readOn = (): Buffer | undefined => {
    const bytes = log.read(at, blockSize);
    if (bytes && bytes.length > 0) {
      at = { ...at, offset: at.offset + bytes.length };
      return bytes;
    }
    // Evicted, or the program has truncated its output: it goes on further behind.
    const next = log.ranges.find(({ epoch, from }) => comparePositions({ epoch, offset: from }, at) > 0);
    if (!next) return undefined;
    at = { epoch: next.epoch, offset: next.from };
    search.forget();
    return readOn();
  };

  const searchOn = async (): Promise<boolean> => {
    log.refresh();
    const { end } = log;
    if (comparePositions(end, at) < 0) {
      // The program has truncated what nobody had copied yet.
      at = { ...end, offset: 0 };
      search.forget();
    }
    for (let blocks = 1; !isClosed && comparePositions(at, end) < 0; blocks++) {
      const bytes = readOn();
      if (bytes === undefined) break;
      if (search.add(bytes)) return true;
      if (blocks % blocksAtOnce === 0) await yieldToEventLoop();
    }
    return search.restMatches();
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
