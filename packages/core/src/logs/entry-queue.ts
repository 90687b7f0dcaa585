/** Merges items from several sources in the order in which they arrive. A source waits until its item is taken. */
export class EntryQueue<T> {
  readonly #waiting: T[] = [];
  #hasRoom = Promise.withResolvers<void>();
  #hasMore = Promise.withResolvers<void>();
  #isClosed = false;
  #error: { readonly cause: unknown } | undefined;

  /** Resolves when the item was taken. */
  async push(item: T): Promise<void> {
    if (this.#isClosed) return;
    this.#waiting.push(item);
    this.#hasMore.resolve();
    await this.#hasRoom.promise;
  }

  /** Makes `take` throw the error after the items that are already in the queue. */
  fail(error: unknown): void {
    this.#error ??= { cause: error };
    this.close();
  }

  close(): void {
    this.#isClosed = true;
    this.#hasMore.resolve();
    this.#hasRoom.resolve();
  }

  /** Takes all waiting items. Undefined if the queue is closed and empty. @throws the error passed to `fail` */
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
