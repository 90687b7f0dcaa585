import type { CandleError } from '@candle/core';
import { InvalidToolInputError } from './errors.ts';

/** One of each failure of this package, as a client would meet it; docs/reference/errors.md is made from it. */
export const mcpErrors: readonly CandleError[] = [
  new InvalidToolInputError('ReleasePorts', ["unknown field 'service'"], ['serviceName', 'port', 'projectDir']),
];
