import { coreErrors } from '@candle/core/error-catalogue';
import { type ErrorClass, errorClassesIn } from '@candle/core/errors';
import { initErrors } from '@candle/init';
import { mcpErrors } from '@candle/mcp';
import { supervisorErrors } from '@candle/supervisor';
import * as completion from './completion/install-completion.ts';
import * as docs from './docs/pages.ts';
import * as pluginDirectory from './plugins/directory/errors.ts';
import * as installation from './plugins/install/errors.ts';
import * as loading from './plugins/load/errors.ts';

/** All errors of Candle, except those of the library for plugins. docs/reference/errors.md is generated from them. */
export function allErrors(): readonly ErrorClass[] {
  const own = { ...docs, ...completion, ...pluginDirectory, ...installation, ...loading };
  return [...coreErrors(), ...supervisorErrors(), ...initErrors(), ...mcpErrors(), ...errorClassesIn(own)];
}
