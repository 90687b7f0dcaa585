import { appendFileSync, rmSync, statSync } from 'node:fs';
import { hookLogPath } from '@candle/core';

/** A longer file is deleted and started again: only the most recent errors matter. Bytes. */
const maxLogBytes = 256 * 1024;
/** Limit for one process of a plugin, so that a hook with endless output cannot fill the disk. Bytes. */
const maxBytesPerProcess = 64 * 1024;

/** The output of one process of a plugin. */
export class HookLog {
  readonly #path: string;
  #remaining = maxBytesPerProcess;

  constructor(stateDir: string) {
    this.#path = hookLogPath(stateDir);
    if ((statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) > maxLogBytes) rmSync(this.#path, { force: true });
  }

  add(bytes: Uint8Array): void {
    if (this.#remaining <= 0) return;
    const kept = bytes.subarray(0, this.#remaining);
    this.#remaining -= kept.length;
    this.#append(kept);
    if (this.#remaining <= 0) this.#append('\n[the rest is omitted]\n');
  }

  /** Adds a line with a timestamp. */
  note(text: string): void {
    this.#append(`${new Date().toISOString()} ${text}\n`);
  }

  #append(data: Uint8Array | string): void {
    try {
      appendFileSync(this.#path, data, { mode: 0o600 });
    } catch {
      // The disk is full, or the state was erased. The output of a hook is not worth an error.
    }
  }
}
