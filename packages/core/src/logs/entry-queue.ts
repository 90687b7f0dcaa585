/** What several sources give at once, in the order in which it comes. A source waits while nobody takes what it gave. */
export class EntryQueue<T> {
  readonly #waiting: T[] = [];
  #hasRoom = Promise.withResolvers<void>();
  #hasMore = Promise.withResolvers<void>();
  #isClosed = false;
  #error: { readonly cause: unknown } | undefined;

  /** Resolves when it was taken. */
  async push(item: T): Promise<void> {
    if (this.#isClosed) return;
    this.#waiting.push(item);
    this.#hasMore.resolve();
    await this.#hasRoom.promise;
  }

  /** Whoever takes gets the error behind what is there. */
  fail(error: unknown): void {
    this.#error ??= { cause: error };
    this.close();
  }

  close(): void {
    this.#isClosed = true;
    this.#hasMore.resolve();
    this.#hasRoom.resolve();
  }

  /** Everything that waits, at once. Undefined when it is closed and empty. @throws what `fail` was given */
  async take(): Promise<readonly T[] | undefined> {
    while (this.#waiting.length === 0) {
      if (this.#error) throw this.#error.cause;
      if (this.#isClosed) return undefined;
      await this.#hasMore.promise;
      if (!this.#isClosed) this.#hasMore = Promise.withResolvers();
    }
    const items = this.#waiting.splice(0);
    this.#hasRoom.resolve();
    if (!this.#isClosed) this.#hasRoom = Promise.withResolvers();
    return items;
  }
}
