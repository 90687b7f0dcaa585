import { expect } from 'vitest';

/** On stderr nothing but, perhaps, the line to run next, which callers without a terminal are told. */
export const calm: unknown = expect.stringMatching(/^(Next: candle .*\n)?$/);
