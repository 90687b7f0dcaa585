import type { CandleEvent, HookedPlugin } from '@candle/core/events';
import { HookLog, type HookProcess, type HookProgram, openHookProcess } from './hook-process.ts';

/**
 * Ample for a notification, a file or a request to a local server. A hook should start longer work without waiting for it.
 * Milliseconds.
 */
const hookTimeoutMs = 10_000;
/** A plugin that uses the full timeout for each event would get the last one about a quarter of an hour late. */
const maxBacklog = 100;

export type OnDelivered = (event: CandleEvent, problem: string | undefined) => void;

/** Delivers events to one plugin, one after another and in order, in a single process for as long as that process lives. */
export class HookLane {
  readonly #plugin: HookedPlugin;
  readonly #program: HookProgram;
  readonly #onDelivered: OnDelivered;
  readonly #timeoutMs: number;
  readonly #backlog: CandleEvent[] = [];
  #process: HookProcess | undefined;
  #isBusy = false;

  constructor(plugin: HookedPlugin, program: HookProgram, onDelivered: OnDelivered, timeoutMs = hookTimeoutMs) {
    this.#plugin = plugin;
    this.#program = program;
    this.#onDelivered = onDelivered;
    this.#timeoutMs = timeoutMs;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  deliver(event: CandleEvent): void {
    if (this.#backlog.length >= maxBacklog) {
      this.#onDelivered(
        event,
        `it is too slow: ${maxBacklog} events are waiting for it, so this event was not delivered`,
      );
      return;
    }
    this.#backlog.push(event);
    if (!this.#isBusy) void this.#work();
  }

  close(): void {
    this.#process?.close();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let event = this.#backlog.shift(); event; event = this.#backlog.shift()) {
      this.#onDelivered(event, await this.#deliverNow(event));
    }
    this.#isBusy = false;
  }

  async #deliverNow(event: CandleEvent): Promise<string | undefined> {
    const log = new HookLog(this.#program.stateDir);
    log.note(`${this.#plugin.name} ${event.kind} ${event.serviceName ?? ''} ${event.projectDir}`);
    try {
      if (!this.#process?.isAlive) {
        this.#process?.close();
        this.#process = await openHookProcess(this.#program, this.#plugin, log);
      }
      return await this.#process.deliver(event, this.#timeoutMs);
    } catch (error) {
      return `its process could not be started (${error instanceof Error ? error.message : String(error)})`;
    }
  }
}
