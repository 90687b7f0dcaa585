import type { CandleEvent, HookedPlugin } from '@candle/core';
import { HookLog } from './hook-log.ts';
import { type HookProcess, type HookProgram, openHookProcess } from './hook-process.ts';

/** Far more than a note, a file or a call to a server on this machine takes; what takes longer is started, not waited for. Milliseconds. */
const hookTimeoutMs = 10_000;
/** A plugin that takes as long as it may for each would be told of these a quarter of an hour later. */
const maxBacklog = 100;

export type OnTold = (event: CandleEvent, problem: string | undefined) => void;

/** Tells one plugin of events, one after another in their order, in one process for as long as that lives. */
export class HookLane {
  readonly #plugin: HookedPlugin;
  readonly #program: HookProgram;
  readonly #onTold: OnTold;
  readonly #timeoutMs: number;
  readonly #backlog: CandleEvent[] = [];
  #process: HookProcess | undefined;
  #isBusy = false;

  constructor(plugin: HookedPlugin, program: HookProgram, onTold: OnTold, timeoutMs = hookTimeoutMs) {
    this.#plugin = plugin;
    this.#program = program;
    this.#onTold = onTold;
    this.#timeoutMs = timeoutMs;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  tell(event: CandleEvent): void {
    if (this.#backlog.length >= maxBacklog) {
      this.#onTold(event, `it is so slow that ${maxBacklog} events wait for it, and was not told`);
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
      this.#onTold(event, await this.#tellNow(event));
    }
    this.#isBusy = false;
  }

  async #tellNow(event: CandleEvent): Promise<string | undefined> {
    const log = new HookLog(this.#program.stateDir);
    log.note(`${this.#plugin.name} ${event.kind} ${event.serviceName ?? ''} ${event.projectDir}`);
    try {
      if (!this.#process?.isAlive) {
        this.#process?.close();
        this.#process = await openHookProcess(this.#program, this.#plugin, log);
      }
      return await this.#process.tell(event, this.#timeoutMs);
    } catch (error) {
      return `its process could not be started (${error instanceof Error ? error.message : String(error)})`;
    }
  }
}
