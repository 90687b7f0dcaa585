import { showPath } from '@candle/core';
import { readPackage } from '../read-package.ts';
import { NotAPluginError, PluginDirectoryMissingError } from './errors.ts';

/**
 * Returns the name of the plugin in a directory.
 * @throws PluginDirectoryMissingError, NotAPluginError
 */
export function readLinkable(root: string): string {
  const read = readPackage(root);
  if (read.kind === 'missing') throw new PluginDirectoryMissingError(root, 'it has no package.json');
  if (read.kind === 'unusable') throw new NotAPluginError(read.name ?? showPath(root), undefined, read.reason);
  return read.pjson.name;
}
