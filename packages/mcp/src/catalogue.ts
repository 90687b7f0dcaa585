import type { CandleError } from '@candle/core';
import { ClientGoneError, InvalidToolInputError, RootNotChosenError } from './errors.ts';

/** One of each failure of this package, as a client would meet it; docs/reference/errors.md is made from it. */
export const mcpErrors: readonly CandleError[] = [
  new InvalidToolInputError('ReleasePorts', ["unknown field 'service'"], ['serviceName', 'port', 'projectDir']),
  new RootNotChosenError(['/home/ada/shop', '/home/ada/blog'], { areProjects: true }),
  new ClientGoneError(3_000),
];
