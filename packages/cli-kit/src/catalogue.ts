import { apiVersion } from './api-version.ts';
import type { PluginError } from './errors.ts';
import { ApiMismatchError, OutsideCandleError } from './host.ts';

const newer = { apiVersion: apiVersion + 1, candleVersion: `${apiVersion + 1}.2.0` };
const plugin = { name: '@ada/plugin-greet', version: '1.4.0' };

/** One example of each error of this package. docs/reference/errors.md is generated from it. */
export const kitErrors: readonly PluginError[] = [
  new OutsideCandleError(),
  new ApiMismatchError(newer, plugin, `${apiVersion}.9.3`),
];
