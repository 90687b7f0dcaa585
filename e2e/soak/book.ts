import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a program recorded about its own run, in a file that Candle does not use. */
export interface Page {
  readonly runId: string;
  readonly service: string;
  readonly pid: number;
  /** The number of lines that it had printed at least. */
  readonly printed: number;
  readonly bytes: number;
}

/** The programs' own record of what they printed, with one page per run. */
export class Book {
  readonly dir: string;
  /** Pages of programs that have ended, which no longer change. */
  readonly #closed = new Map<string, Page>();

  constructor(dir: string) {
    this.dir = dir;
    mkdirSync(join(dir, 'pages'), { recursive: true });
  }

  /** All pages, oldest first, because a run's id begins with its time. A program killed before its first write has none. */
  pages(): readonly Page[] {
    return readdirSync(join(this.dir, 'pages'))
      .sort()
      .flatMap((runId) => this.find(runId) ?? []);
  }

  /** The current page of a run. */
  find(runId: string): Page | undefined {
    const closed = this.#closed.get(runId);
    if (closed) return closed;
    const page = this.#read(runId);
    if (!page || isPrinting(page)) return page;
    // Read it again, because the program may have printed more before the check above.
    const last = this.#read(runId) ?? page;
    this.#closed.set(runId, last);
    return last;
  }

  hasEnded({ runId }: Page): boolean {
    return this.#closed.has(runId);
  }

  #read(runId: string): Page | undefined {
    const [service = '', pid, printed, bytes] = readFileSync(join(this.dir, 'pages', runId), 'utf8').split(' ');
    return service === ''
      ? undefined
      : { runId, service, pid: Number(pid), printed: Number(printed), bytes: Number(bytes) };
  }

  /** In the calm state, no program ends by itself and none prints much. */
  setCalm(isCalm: boolean): void {
    const path = join(this.dir, 'calm');
    if (isCalm) writeFileSync(path, '');
    else rmSync(path, { force: true });
  }
}

/** Whether the program of this run is alive. */
function isPrinting({ pid, runId }: Page): boolean {
  try {
    if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`CANDLE_RUN_ID=${runId}\0`)) return false;
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
