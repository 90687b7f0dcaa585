import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PluginPackage {
  readonly name: string;
  readonly version: string;
  readonly engines?: unknown;
  readonly dependencies?: unknown;
  readonly peerDependencies?: unknown;
  readonly oclif: { readonly hooks?: Readonly<Record<string, unknown>> };
}

export type ReadPackage =
  | { readonly kind: 'read'; readonly pjson: PluginPackage }
  | { readonly kind: 'missing' }
  /** `reason` is the end of a sentence. */
  | { readonly kind: 'unusable'; readonly reason: string; readonly name?: string; readonly version?: string };

const word = '[a-z0-9~-][a-z0-9._~-]*';
const packageName = new RegExp(`^(@${word}/)?${word}$`, 'i');

/** Reads the fields of a plugin's package.json that Candle uses. */
export function readPackage(root: string): ReadPackage {
  try {
    const pjson: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    if (typeof pjson !== 'object' || pjson === null) return unusable('is not an object');
    if (!('name' in pjson) || typeof pjson.name !== 'string') return unusable('has no name');
    const { name } = pjson;
    if (!packageName.test(name)) return unusable('has an invalid package name');
    const version = 'version' in pjson && typeof pjson.version === 'string' ? pjson.version : '0.0.0';
    if (!('oclif' in pjson) || typeof pjson.oclif !== 'object' || pjson.oclif === null) {
      return { ...unusable('has no "oclif"'), name, version };
    }
    return { kind: 'read', pjson: { ...pjson, name, version, oclif: pjson.oclif } };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'missing' } : unusable(`is damaged: ${message}`);
  }
}

function unusable(problem: string) {
  return { kind: 'unusable', reason: `its package.json ${problem}` } as const;
}
