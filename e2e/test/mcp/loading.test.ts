import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../../../apps/cli/dist', import.meta.url));

/** Recognizes the MCP SDK and its schema library by class names, which bundling keeps. */
const heavy = /\b(ZodObject|McpServer)\b/;

/** A file and all its direct and indirect imports. With `dynamic`, this includes dynamic imports (`import(…)`). */
function importsOf(file: string, { dynamic }: { dynamic: boolean }, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const imports = dynamic
    ? /\b(?:from|import)\s*\(?\s*["'`](\.[^"'`]+\.js)["'`]/g
    : /\b(?:from|import)\s*["'](\.[^"']+\.js)["']/g;
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(imports)) {
    importsOf(resolve(dirname(file), path), { dynamic }, seen);
  }
  return seen;
}

function heavyImports(entry: string, options: { dynamic: boolean }): string[] {
  return [...importsOf(resolve(dist, entry), options)].filter((file) => heavy.test(readFileSync(file, 'utf8')));
}

test('only the mcp command loads the MCP SDK, and it does so by a dynamic import', () => {
  const commands = readdirSync(resolve(dist, 'commands'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => `commands/${file}`);
  expect(commands).toContain('commands/mcp.js');
  expect(heavyImports('commands/mcp.js', { dynamic: true })).not.toEqual([]);
  expect(heavyImports('commands/mcp.js', { dynamic: false })).toEqual([]);
  for (const entry of ['main.js', ...commands.filter((name) => name !== 'commands/mcp.js')]) {
    expect(heavyImports(entry, { dynamic: true }), entry).toEqual([]);
  }
});
