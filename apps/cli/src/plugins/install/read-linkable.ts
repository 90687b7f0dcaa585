import { showPath } from '@candle/core';
import { NotAPluginError, PluginDirectoryMissingError } from '../errors.ts';
import { readPackage } from '../read-package.ts';

/**
 * The name of the plugin that is in a directory.
 * @throws PluginDirectoryMissingError, NotAPluginError
 */
export function readLinkable(root: string): string {
  const read = readPackage(root);
  if (read.kind === 'missing') throw new PluginDirectoryMissingError(root, 'it has no package.json');
  if (read.kind === 'useless') throw new NotAPluginError(read.name ?? showPath(root), undefined, read.reason);
  return read.pjson.name;
}
