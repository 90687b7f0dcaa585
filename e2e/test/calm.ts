import { expect } from 'vitest';

/** Matches a stderr that is empty, or contains only the `Next:` line, which is printed without a terminal. */
export const calm: unknown = expect.stringMatching(/^(Next: candle .*\n)?$/);
