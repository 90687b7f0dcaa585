import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CandleError, Hint } from '@candle/core/errors';
import { coerce, major, minVersion, satisfies, subset, validRange } from 'semver';
import type { PluginPackage } from '../read-package.ts';
import { PluginNeedsOtherCandleError, PluginNeedsOtherNodeError } from './errors.ts';

/** The versions that a plugin must support. `candle` is the version of the CLI; cli-kit always has the same version. */
export interface Surroundings {
  readonly node: string;
  readonly candle: string;
}

export interface Fitting {
  readonly name: string;
  readonly root: string;
  readonly pjson: Pick<PluginPackage, 'engines' | 'dependencies' | 'peerDependencies'>;
}

const kit = '@candle/cli-kit';

/** The error if a plugin does not support this version of Node.js or Candle; otherwise undefined. */
export function findMisfit({ name, root, pjson }: Fitting, here: Surroundings, hint: Hint): CandleError | undefined {
  const nodes = textAt(pjson.engines, 'node');
  if (nodes !== undefined && validRange(nodes) !== null && !satisfies(here.node, nodes, { includePrerelease: true })) {
    return new PluginNeedsOtherNodeError(name, nodes, here.node, hint);
  }
  const range = textAt(pjson.peerDependencies, kit) ?? textAt(pjson.dependencies, kit);
  const installed = range === undefined ? undefined : installedKit(root);
  if (
    range !== undefined &&
    !isOfMajor(range, here.candle) &&
    (installed === undefined || !isOfMajor(installed, here.candle))
  ) {
    return new PluginNeedsOtherCandleError(name, range, here.candle, hint);
  }
  if (installed !== undefined && !isOfMajor(installed, here.candle)) {
    return new PluginNeedsOtherCandleError(name, installed, here.candle, hint);
  }
  return undefined;
}

/** Whether a range allows any version of the same major. True for text that is not a range (`workspace:`, a URL). */
function isOfMajor(range: string, version: string): boolean {
  if (validRange(range) === null) return true;
  const ours = major(coerce(version) ?? version);
  const lowest = minVersion(range);
  if (lowest !== null && lowest.major === ours) return true;
  return subset(`${ours}.x`, range) || satisfies(version, range, { includePrerelease: true });
}

/** The version of cli-kit that the plugin would import. Like Node.js, this searches all parent directories. */
function installedKit(root: string): string | undefined {
  for (let dir = root; ; dir = dirname(dir)) {
    const version = versionIn(join(dir, 'node_modules', kit, 'package.json'));
    if (version !== undefined || dir === dirname(dir)) return version;
  }
}

function versionIn(path: string): string | undefined {
  try {
    return textAt(JSON.parse(readFileSync(path, 'utf8')), 'version');
  } catch {
    return undefined;
  }
}

function textAt(object: unknown, key: string): string | undefined {
  if (typeof object !== 'object' || object === null) return undefined;
  const value: unknown = Reflect.get(object, key);
  return typeof value === 'string' ? value : undefined;
}
