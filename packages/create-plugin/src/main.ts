#!/usr/bin/env node
// npm create @candle/plugin@latest NAME [DIRECTORY]
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { createPlugin } from './create-plugin.ts';
import { parsePluginName, Refusal } from './plugin-name.ts';

const usage = 'npm create @candle/plugin@latest NAME [DIRECTORY]';

function main(words: readonly string[]): void {
  const [text, directory, ...more] = words;
  if (text === '--help' || text === '-h') {
    process.stdout.write(`${usage}\n\nCreates a Candle plugin in TypeScript, with one command and a test.\n`);
    return;
  }
  if (text === undefined) throw new Refusal('The name of the plugin is missing', usage);
  const flag = words.find((word) => word.startsWith('-'));
  if (flag !== undefined || more.length > 0) throw new Refusal(`Unexpected argument: ${flag ?? more.join(' ')}`, usage);
  const name = parsePluginName(text);
  const target = resolve(directory ?? name.directory);
  createPlugin(target, name, version());
  process.stdout.write(`Created ${name.packageName}. To try it:

  cd ${relative(process.cwd(), target) || '.'}
  npm install
  npm test
  candle plugins link .
  candle ${name.command}
`);
}

/** All packages of Candle have the same version. */
function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

try {
  main(process.argv.slice(2));
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Refusal ? error.hint : 'Is the directory writable?';
  process.stderr.write(`Error: ${reason}\n${hint}\n`);
  process.exitCode = 1;
}
