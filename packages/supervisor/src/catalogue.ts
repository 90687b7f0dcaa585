import { type ErrorClass, type ErrorCodeIn, errorClassesIn } from '@candle/core/errors';
import * as browser from './browser/errors.ts';
import * as dependencies from './dependencies/errors.ts';
import * as erase from './erase/errors.ts';
import * as exec from './exec/errors.ts';
import * as input from './input/errors.ts';
import * as jobs from './jobs/errors.ts';
import * as launch from './launch/errors.ts';
import * as ports from './ports/errors.ts';
import * as readiness from './readiness/errors.ts';
import * as serviceLock from './service-lock/errors.ts';
import * as setup from './setup/errors.ts';
import * as stop from './stop/errors.ts';

const modules = () => ({
  ...browser,
  ...dependencies,
  ...erase,
  ...exec,
  ...input,
  ...jobs,
  ...launch,
  ...ports,
  ...readiness,
  ...serviceLock,
  ...setup,
  ...stop,
});

/** The codes of the errors in this package. */
export type SupervisorErrorCode = ErrorCodeIn<ReturnType<typeof modules>>;

/** All errors of this package. */
export function supervisorErrors(): readonly ErrorClass[] {
  return errorClassesIn(modules());
}
