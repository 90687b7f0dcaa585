import * as configFile from '../config/config-errors.ts';
import * as durations from '../config/duration.ts';
import * as config from '../config/service-errors.ts';
import * as logs from '../logs/errors.ts';
import * as patterns from '../logs/pattern-errors.ts';
import * as ports from '../ports/errors.ts';
import * as projects from '../projects/errors.ts';
import * as reservations from '../reservations/errors.ts';
import * as envFiles from '../services/env-files.ts';
import * as services from '../services/errors.ts';
import * as templates from '../services/templates/resolve-templates.ts';
import * as store from '../store/errors.ts';
import * as system from '../system/write-problem.ts';
import { type ErrorClass, type ErrorCodeIn, errorClassesIn } from './candle-error.ts';

const modules = () => ({
  ...configFile,
  ...durations,
  ...config,
  ...logs,
  ...patterns,
  ...ports,
  ...projects,
  ...reservations,
  ...envFiles,
  ...services,
  ...templates,
  ...store,
  ...system,
});

/** The codes of the errors in this package. */
export type CoreErrorCode = ErrorCodeIn<ReturnType<typeof modules>>;

/** All errors of this package. A function, so that no command loads modules whose errors it cannot throw. */
export function coreErrors(): readonly ErrorClass[] {
  return errorClassesIn(modules());
}
