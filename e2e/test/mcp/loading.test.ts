import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../../../apps/cli/dist', import.meta.url));

/** Told by the names of their classes, which bundling keeps. */
const heavy = /\b(ZodObject|McpServer)\b/;

/** The file and all that it imports, directly or not; what it imports late (`import(…)`) is left out unless asked for. */
function loadedBy(file: string, { late }: { late: boolean }, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const imports = late
    ? /\b(?:from|import)\s*\(?\s*["'`](\.[^"'`]+\.js)["'`]/g
    : /\b(?:from|import)\s*["'](\.[^"']+\.js)["']/g;
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(imports)) {
    loadedBy(resolve(dirname(file), path), { late }, seen);
  }
  return seen;
}

function heavyParts(entry: string, options: { late: boolean }): string[] {
  return [...loadedBy(resolve(dist, entry), options)].filter((file) => heavy.test(readFileSync(file, 'utf8')));
}

test('zod and the MCP SDK are loaded by no command but mcp, and by that one late', () => {
  const commands = readdirSync(resolve(dist, 'commands'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => `commands/${file}`);
  expect(commands).toContain('commands/mcp.js');
  expect(heavyParts('commands/mcp.js', { late: true })).not.toEqual([]);
  expect(heavyParts('commands/mcp.js', { late: false })).toEqual([]);
  for (const entry of ['main.js', ...commands.filter((name) => name !== 'commands/mcp.js')]) {
    expect(heavyParts(entry, { late: true }), entry).toEqual([]);
  }
});
