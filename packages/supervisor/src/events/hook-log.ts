import { appendFileSync, rmSync, statSync } from 'node:fs';
import { hookLogPath } from '@candle/core';

/** Begun anew when it is longer: who looks into it looks for the last error. Bytes. */
const maxLogBytes = 256 * 1024;
/** One process of a plugin writes no more than this: a hook that prints without end must not fill the disk. Bytes. */
const maxOfOneProcess = 64 * 1024;

/** What one process of a plugin prints. */
export class HookLog {
  readonly #path: string;
  #left = maxOfOneProcess;

  constructor(stateDir: string) {
    this.#path = hookLogPath(stateDir);
    if ((statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) > maxLogBytes) rmSync(this.#path, { force: true });
  }

  add(bytes: Uint8Array): void {
    if (this.#left <= 0) return;
    const kept = bytes.subarray(0, this.#left);
    this.#left -= kept.length;
    this.#append(kept);
    if (this.#left <= 0) this.#append('\n[the rest is left out]\n');
  }

  /** Says what comes next, or what came of it. */
  note(text: string): void {
    this.#append(`${new Date().toISOString()} ${text}\n`);
  }

  #append(data: Uint8Array | string): void {
    try {
      appendFileSync(this.#path, data, { mode: 0o600 });
    } catch {
      // The disk is full, or the state was erased: what a hook prints is worth no trouble.
    }
  }
}
