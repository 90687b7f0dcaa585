import type { CandleError } from '@candle/core';
import { DocUnknownError } from './errors.ts';

/** One example of each error about pages, as users see it. docs/reference/errors.md is generated from it. */
export const docErrors: readonly CandleError[] = [
  new DocUnknownError('tutorail', 'tutorial', ['concepts', 'tutorial']),
];
