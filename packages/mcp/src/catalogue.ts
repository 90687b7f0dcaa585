import type { CandleError } from '@candle/core';
import { ClientGoneError, InvalidToolInputError, RootNotChosenError } from './errors.ts';

/** One example of each error of this package. docs/reference/errors.md is generated from it. */
export const mcpErrors: readonly CandleError[] = [
  new InvalidToolInputError('ReleasePorts', ["unknown field 'service'"], ['serviceName', 'port', 'projectDir']),
  new RootNotChosenError(['/home/ada/shop', '/home/ada/blog'], { areProjects: true }),
  new ClientGoneError(3_000),
];
