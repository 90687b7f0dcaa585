import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface SizePart {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Returns the size of an installed CLI: its own files first, then its packages by size. Packages smaller than 1 MB are
 * combined.
 */
export function installedSize(packageDirectory: string): { readonly totalBytes: number; readonly parts: SizePart[] } {
  const totalBytes = bytesBelow(packageDirectory);
  const dependencies = packagesIn(join(packageDirectory, 'node_modules'));
  const large = dependencies.filter(({ bytes }) => bytes >= 1_000_000).sort((a, b) => b.bytes - a.bytes);
  const small = dependencies.filter((part) => !large.includes(part));
  const own = { name: '@candle/cli', bytes: totalBytes - sum(dependencies) };
  return { totalBytes, parts: [own, ...large, { name: `${small.length} more packages`, bytes: sum(small) }] };
}

export function renderSize({ totalBytes, parts }: ReturnType<typeof installedSize>): string {
  const rows = [...parts, { name: 'total', bytes: totalBytes }];
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows.map(({ name, bytes }) => `${name.padEnd(width)}  ${(bytes / 1e6).toFixed(1).padStart(5)} MB`).join('\n');
}

function packagesIn(folder: string, scope = ''): SizePart[] {
  return readdirSync(folder).flatMap((name) => {
    if (name.startsWith('.')) return [];
    if (name.startsWith('@')) return packagesIn(join(folder, name), `${name}/`);
    return [{ name: scope + name, bytes: bytesBelow(join(folder, name)) }];
  });
}

function bytesBelow(path: string): number {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((bytes, name) => bytes + bytesBelow(join(path, name)), 0);
}

function sum(parts: readonly SizePart[]): number {
  return parts.reduce((bytes, part) => bytes + part.bytes, 0);
}
