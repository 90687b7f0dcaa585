import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { showPath } from '@candle/core';
import { NotAPluginError, PluginDirectoryMissingError } from '../errors.ts';

/**
 * The name of the plugin that is in a directory.
 * @throws PluginDirectoryMissingError, NotAPluginError
 */
export function readLinkable(root: string): string {
  const pjson = readPackage(root);
  if (typeof pjson.name !== 'string' || pjson.name === '') {
    throw new NotAPluginError(showPath(root), undefined, 'its package.json has no name');
  }
  if (typeof pjson.oclif !== 'object' || pjson.oclif === null) {
    throw new NotAPluginError(pjson.name, undefined, 'its package.json has no "oclif"');
  }
  return pjson.name;
}

function readPackage(root: string): Record<string, unknown> {
  try {
    return { ...JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new PluginDirectoryMissingError(root, code === 'ENOENT' ? 'it has no package.json' : message);
  }
}
