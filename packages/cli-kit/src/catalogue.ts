import { ApiMismatchError, OutsideCandleError } from './host.ts';

/** The errors that this package declares, with their examples. docs/reference/errors.md is generated from them. */
export const kitErrors = [OutsideCandleError, ApiMismatchError] as const;
