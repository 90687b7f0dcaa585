import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a program wrote down itself of its run, where Candle has no business. */
export interface Page {
  readonly runId: string;
  readonly service: string;
  readonly pid: number;
  /** Lines that it had printed at the least. */
  readonly printed: number;
  readonly bytes: number;
}

/** The programs' own account of what they printed: a page a run. */
export class Book {
  readonly dir: string;
  /** Of programs that have ended: they do not change any more. */
  readonly #closed = new Map<string, Page>();

  constructor(dir: string) {
    this.dir = dir;
    mkdirSync(join(dir, 'pages'), { recursive: true });
  }

  /** Oldest first: a run's id begins with its time. A program that was killed before its first word has none. */
  pages(): readonly Page[] {
    return readdirSync(join(this.dir, 'pages'))
      .sort()
      .flatMap((runId) => this.find(runId) ?? []);
  }

  /** As it is now. */
  find(runId: string): Page | undefined {
    const closed = this.#closed.get(runId);
    if (closed) return closed;
    const page = this.#read(runId);
    if (!page || isPrinting(page)) return page;
    // Read again: it may have gone on until the look above.
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

  /** While it is calm, no program ends by itself and none prints much. */
  setCalm(isCalm: boolean): void {
    const path = join(this.dir, 'calm');
    if (isCalm) writeFileSync(path, '');
    else rmSync(path, { force: true });
  }
}

/** Does the program of this run live? */
function isPrinting({ pid, runId }: Page): boolean {
  try {
    if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`CANDLE_RUN_ID=${runId}\0`)) return false;
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
