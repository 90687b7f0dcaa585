import { type Candle, candleForCall } from '@candle/core/candle';
import type { McpHost, Supervised } from '../host.ts';
import { type ClientRoots, findCallProject } from './find-call-project.ts';

/** What a tool has access to during one call. */
export interface ToolContext {
  /** Aborts waits, but not work that has begun. Its reason says who cancelled the call. */
  readonly signal: AbortSignal;
  readonly progress: Pick<CallProgress, 'update'>;
  candle(): Candle;
  /** Real path of the project of the call. Resolved again for each call, because configurations come and go. */
  findProjectDir(input: { projectDir?: string | undefined }, options: { allowNew: boolean }): Promise<string>;
  supervise(): Promise<Supervised>;
}

export function toolContext(
  host: McpHost,
  call: { signal: AbortSignal; progress: Pick<CallProgress, 'update'>; roots: ClientRoots },
): ToolContext {
  const { signal, progress, roots } = call;
  const candle = () => candleForCall(host.candle());
  return {
    signal,
    progress,
    candle,
    findProjectDir: ({ projectDir }, options) => findCallProject(host, roots, projectDir, options),
    supervise: () => host.supervise(candle(), (text) => progress.update(text)),
  };
}

/** A progress notification that a client receives during a call. */
export interface ProgressReport {
  /** Seconds since the call began. */
  readonly progress: number;
  /** Timeout of the wait, in seconds. */
  readonly total?: number;
  readonly message: string;
}

/** Short enough for clients that give up on a call without progress. */
const everyMs = 1_000;

/** Reports once a second how long a call has taken and what it waits for. Must be closed. */
export class CallProgress {
  readonly #beganMs = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  #message: string;
  #totalMs: number | undefined;

  /** @param report undefined if the client did not ask for progress */
  constructor(title: string, report: ((progress: ProgressReport) => void) | undefined) {
    this.#message = title;
    this.#timer = report && setInterval(() => report(this.#report()), everyMs);
  }

  /** Sets what the call does now and, if known, how long it may take. */
  update(message: string, totalMs?: number): void {
    this.#message = message;
    this.#totalMs = totalMs;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #report(): ProgressReport {
    const progress = Math.round((performance.now() - this.#beganMs) / 100) / 10;
    const total = this.#totalMs === undefined ? {} : { total: Math.max(progress, this.#totalMs / 1000) };
    return { progress, ...total, message: this.#message };
  }
}
