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
  /** `reason` is a part of a sentence. */
  | { readonly kind: 'useless'; readonly reason: string; readonly name?: string; readonly version?: string };

const word = '[a-z0-9~-][a-z0-9._~-]*';
const packageName = new RegExp(`^(@${word}/)?${word}$`, 'i');

/** The package.json of a plugin, as far as Candle itself asks it. */
export function readPackage(root: string): ReadPackage {
  try {
    const pjson: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    if (typeof pjson !== 'object' || pjson === null) return useless('is no object');
    if (!('name' in pjson) || typeof pjson.name !== 'string') return useless('has no name');
    const { name } = pjson;
    if (!packageName.test(name)) return useless('has a name that no package may have');
    const version = 'version' in pjson && typeof pjson.version === 'string' ? pjson.version : '0.0.0';
    if (!('oclif' in pjson) || typeof pjson.oclif !== 'object' || pjson.oclif === null) {
      return { ...useless('has no "oclif"'), name, version };
    }
    return { kind: 'read', pjson: { ...pjson, name, version, oclif: pjson.oclif } };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'missing' } : useless(`is damaged: ${message}`);
  }
}

function useless(what: string) {
  return { kind: 'useless', reason: `its package.json ${what}` } as const;
}
