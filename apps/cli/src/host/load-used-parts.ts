import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** How a file of the bundle loads another one at first use: see `scripts/lean-start.mjs`. */
const atFirstUse = /\?\?=require\("(\.[^"]+)"\)/g;

const visited = new Set<string>();

/**
 * Loads all files of the bundle that the loaded ones may use. For a process that keeps running: an upgrade of the package
 * removes these files. Does nothing if Candle runs from its sources.
 */
export function loadUsedParts(packageRoot: string): void {
  const dist = join(packageRoot, 'dist/');
  const { cache } = createRequire(dist);
  for (const path of Object.keys(cache)) if (path.startsWith(dist) && path.endsWith('.cjs')) visit(path);
}

function visit(path: string): void {
  if (visited.has(path)) return;
  visited.add(path);
  // As the file itself does, because Node.js remembers only for the same words which file they lead to.
  const load = createRequire(path);
  for (const [, part = ''] of readFileSync(path, 'utf8').matchAll(atFirstUse)) {
    load(part);
    visit(join(dirname(path), part));
  }
}
