import { type ErrorClass, errorClassesIn } from '@candle/core/errors';
import * as errors from './errors.ts';

/** All errors of this package. */
export function mcpErrors(): readonly ErrorClass[] {
  return errorClassesIn(errors);
}
