import type { Page } from './book.ts';
import { callCandle } from './calls.ts';
import { checkOutput, type FoundLines } from './check-output.ts';
import { maxBatch } from './programs/line.ts';
import { soakServices } from './services.ts';
import type { World } from './world.ts';

/** The number of ended runs of a service that Candle keeps. */
const maxKeptRuns = 50;
/** Candle also counts runs that were killed before their program's first write; the book has no page for these. */
const runsWithoutPage = 10;
/** Candle evicts whole segments, each an eighth of the limit, so slightly less than the limit may remain. */
const minShareKept = 0.7;
const allLines = '1000000000';

/** Checks the output of each run soon after its program has ended, because Candle may delete it later. */
export class RunChecker {
  readonly #world: World;
  readonly #checked = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Checks all runs that have ended since the last call. */
  async checkEnded(): Promise<void> {
    const { book } = this.#world;
    for (const page of book.pages()) {
      if (this.#checked.has(page.runId) || !book.hasEnded(page)) continue;
      this.#checked.add(page.runId);
      await this.checkByCommand(page);
    }
  }

  get checked(): number {
    return this.#checked.size;
  }

  /** Checks what `candle logs` shows of a run, which may still be running. */
  async checkByCommand(page: Page, killAfterMs?: number): Promise<void> {
    const { box, book, tally } = this.#world;
    const args = ['logs', page.service, '--run', page.runId, '-n', allLines];
    const { stdout, stderr, end } = await callCandle(box, args, killAfterMs);
    if (end === 'killed') return tally.count('candle logs, killed');
    if (end === 1 && stderr.includes('is not a run of service')) {
      tally.count('runs that were deleted before the check');
      if (!this.#mayBeDeleted(page)) tally.defect(`run ${nameOf(page)} was deleted too early`);
      return;
    }
    if (end !== 0) return tally.defect(`candle ${args.join(' ')} ended with ${end}: ${stderr}`);
    const after = book.find(page.runId) ?? page;
    this.verify(page, after, checkOutput(stdout, page.runId), 'candle logs');
  }

  /** `before` and `after` are the program's own records from before and after the output was read. */
  verify(before: Page, after: Page, found: FoundLines, by: string): void {
    const { tally } = this.#world;
    tally.count(`checks by ${by}`);
    const { first, last, isCutAtFront, isTorn, problem } = found;
    const last0 = last ?? 0;
    const report = (what: string) =>
      tally.defect(`${by} of run ${nameOf(before)}, which printed ${before.printed} to ${after.printed}: ${what}`);
    if (problem !== undefined) {
      report(problem);
      return;
    }
    tally.count('lines checked', first === undefined ? 0 : last0 - first + 1);
    const isCut = isCutAtFront || (first ?? 1) > 1 || (first === undefined && before.printed > 0);
    if (isCut) tally.count('runs with evicted output');
    if (isCut && !this.#mayBeEvicted(after))
      report(first === undefined ? 'all output is missing' : `the output before line ${first} is missing`);
    if (first === undefined) return;
    if (last0 < before.printed) report(`it ends with line ${last0}`);
    if (last0 > after.printed + maxBatch) report(`it ends with line ${last0}, which was never printed`);
    if (isTorn) tally.count('torn last lines');
  }

  #mayBeEvicted(page: Page): boolean {
    return this.#bytesSince(page) >= minShareKept * maxBytesOf(page);
  }

  #mayBeDeleted(page: Page): boolean {
    return this.#since(page).length > maxKeptRuns - runsWithoutPage || this.#mayBeEvicted(page);
  }

  #bytesSince(page: Page): number {
    return this.#since(page).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The run and all newer ones of its service. */
  #since({ service, runId }: Page): readonly Page[] {
    return this.#world.book.pages().filter((page) => page.service === service && page.runId >= runId);
  }
}

function maxBytesOf({ service }: Page): number {
  return soakServices.find(({ name }) => name === service)?.maxBytes ?? Number.POSITIVE_INFINITY;
}

function nameOf({ service, runId }: Page): string {
  return `${runId} of ${service}`;
}
