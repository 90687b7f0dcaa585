import { apiVersion } from './api-version.ts';
import type { PluginError } from './errors.ts';
import { ApiMismatchError, OutsideCandleError } from './host-errors.ts';

const newer = { apiVersion: apiVersion + 1, candleVersion: `${apiVersion + 1}.2.0` };
const plugin = { name: '@ada/plugin-greet', version: '1.4.0' };

/** One of each failure of this package, as a user would meet it; docs/reference/errors.md is made from it. */
export const kitErrors: readonly PluginError[] = [
  new OutsideCandleError(),
  new ApiMismatchError(newer, plugin, `${apiVersion}.9.3`),
];
