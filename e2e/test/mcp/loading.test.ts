import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../../../apps/cli/dist', import.meta.url));

/** Recognizes the MCP SDK and its schema library by class names, which bundling keeps. */
const heavy = /\b(ZodObject|McpServer)\b/;

/** A file and all files that it loads, directly or indirectly, at once or later. */
function filesOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/\brequire\(["'`](\.[^"'`]+\.cjs)["'`]/g)) {
    filesOf(resolve(dirname(file), path), seen);
  }
  return seen;
}

function heavyFiles(entry: string): string[] {
  return [...filesOf(resolve(dist, entry))].filter((file) => heavy.test(readFileSync(file, 'utf8')));
}

test('only the mcp command loads the MCP SDK', () => {
  const commands = readdirSync(resolve(dist, 'commands'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.cjs'))
    .map((file) => `commands/${file}`);
  expect(heavyFiles('commands/mcp.cjs')).not.toEqual([]);
  for (const entry of ['main.cjs', ...commands.filter((name) => name !== 'commands/mcp.cjs')]) {
    expect(heavyFiles(entry), entry).toEqual([]);
  }
});
