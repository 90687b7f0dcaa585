import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PluginName, Refusal } from './plugin-name.ts';

const template = fileURLToPath(new URL('../template', import.meta.url));

/** Template files that npm would not pack under their final name. */
const renamed = [['_gitignore', '.gitignore']] as const;

/**
 * Creates a plugin from the template, for this version of Candle. The directory must be empty or must not exist.
 * @throws Refusal
 */
export function createPlugin(directory: string, name: PluginName, candleVersion: string): void {
  if (existsSync(directory) && !(statSync(directory).isDirectory() && readdirSync(directory).length === 0)) {
    throw new Refusal(
      `${directory} already exists and is not empty`,
      'Use another name, or remove the directory first',
    );
  }
  const words = {
    'candle-plugin-example': name.packageName,
    'example-command': name.command,
    ExampleCommand: className(name.command),
    EXAMPLE_COMMAND: name.command.toUpperCase().replaceAll('-', '_'),
    '0.0.0-candle': candleVersion,
  };
  mkdirSync(directory, { recursive: true });
  cpSync(template, directory, { recursive: true });
  for (const [from, to] of renamed) renameSync(join(directory, from), join(directory, to));
  for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const path = join(directory, file);
    if (!statSync(path).isFile()) continue;
    writeFileSync(path, replaceAll(readFileSync(path, 'utf8'), words));
    renameSync(path, join(directory, replaceAll(file, words)));
  }
}

function replaceAll(text: string, words: Readonly<Record<string, string>>): string {
  return Object.entries(words).reduce((result, [word, by]) => result.replaceAll(word, () => by), text);
}

/** `my-words` becomes `MyWords`. A class name cannot begin with a digit. */
function className(command: string): string {
  const words = command.split('-').map((part) => `${part.slice(0, 1).toUpperCase()}${part.slice(1)}`);
  return words.join('').replace(/^(?=\d)/, 'Plugin');
}
