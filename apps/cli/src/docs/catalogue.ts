import type { CandleError } from '@candle/core';
import { DocUnknownError } from './errors.ts';

/** One of each failure with pages, as a user would meet it; docs/reference/errors.md is made from it. */
export const docErrors: readonly CandleError[] = [
  new DocUnknownError('tutorail', 'tutorial', ['concepts', 'tutorial']),
];
