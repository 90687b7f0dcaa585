import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { type CandleHost, withHost } from '@candle/cli-kit';
import { dataDirectory } from './process-setup.ts';

/** What the manifest says about a command, as far as it is needed to run it. */
interface ManifestCommand {
  readonly aliases: readonly string[];
  readonly hiddenAliases: readonly string[];
  readonly args: object;
  readonly flags: Readonly<Record<string, object>>;
  readonly relativePath: readonly string[];
}

type Commands = Readonly<Record<string, ManifestCommand>>;

/** A command class, which has no id before oclif or `runOwnCommand` sets it. */
interface CommandClass {
  id: string;
  run(argv: string[], config: object): Promise<unknown>;
}

/** A line whose command can run without oclif's configuration. */
export interface OwnLine {
  readonly id: string;
  readonly argv: readonly string[];
  readonly commands: Commands;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a variable may change what oclif prints, so that oclif has to run the line. */
export function changesOclif(env: Environment): boolean {
  return ['DEBUG', 'CANDLE_DEBUG', 'CANDLE_CONTENT_TYPE'].some((name) => env[name]);
}

/**
 * The command of a line, if it is one of Candle's own, and there is nothing in the line that oclif treats in a special way: a
 * flag for help, or words that may belong to the name of another command. Undefined if oclif has to find out what it means.
 */
export function findOwnLine(
  [word = '', ...argv]: readonly string[],
  packageRoot: string,
  env: Environment,
): OwnLine | undefined {
  const dashes = argv.indexOf('--');
  const flags = dashes === -1 ? argv : argv.slice(0, dashes);
  if (flags.includes('--help') || flags.includes('-h') || changesOclif(env)) return undefined;
  const commands = readCommands(packageRoot);
  const id = findId(word, commands);
  const command = id === undefined || id === 'help' ? undefined : commands[id];
  if (id === undefined || command === undefined) return undefined;
  const isTopic = Object.keys(commands).some((other) => other.startsWith(`${id}:`));
  const isMoreThanId = Object.keys(command.args).length === 0 && argv[0] !== undefined && !argv[0].startsWith('-');
  return isTopic || isMoreThanId ? undefined : { id, argv, commands };
}

function findId(word: string, commands: Commands): string | undefined {
  if (Object.hasOwn(commands, word)) return word;
  return Object.entries(commands).find(([, { aliases, hiddenAliases }]) =>
    [...aliases, ...hiddenAliases].includes(word),
  )?.[0];
}

function readCommands(packageRoot: string): Commands {
  return JSON.parse(readFileSync(join(packageRoot, 'oclif.manifest.json'), 'utf8')).commands;
}

/** Runs the class of a command like oclif, which would load its whole configuration first. */
export async function runOwnCommand({ id, argv, commands }: OwnLine, packageRoot: string, host: CandleHost) {
  const path = join(packageRoot, ...(commands[id]?.relativePath ?? []));
  const { default: command }: { default: CommandClass } = createRequire(path)(path);
  command.id = id;
  await command.run([...argv], ownConfig(packageRoot, commands, host));
}

/** The part of oclif's configuration that the classes of Candle's own commands use, except for `candle help`. */
function ownConfig(root: string, commands: Commands, host: CandleHost) {
  const scopedEnvVarKeys = (name: string) => [`CANDLE_${name}`];
  return {
    root,
    bin: 'candle',
    options: withHost({ root }, host),
    scopedEnvVarKeys,
    scopedEnvVar: (name: string) => process.env[scopedEnvVarKeys(name).join()],
    findCommand: (id: string) => commands[findId(id, commands) ?? ''],
    // No plugin of these commands has hooks.
    runHook: async () => ({ successes: [], failures: [] }),
    get pjson() {
      return readPackage(root);
    },
    get name() {
      return readPackage(root).name;
    },
    get version() {
      return readPackage(root).version;
    },
    get userAgent() {
      return userAgent(root);
    },
    get dataDir() {
      // Without a home directory, there are no plugins.
      return dataDirectory(process.env) ?? '/';
    },
    get npmRegistry() {
      return process.env.CANDLE_NPM_REGISTRY;
    },
  };
}

interface OwnPackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function readPackage(root: string): OwnPackage {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

/** What `candle --version` prints, as oclif does. */
export function userAgent(packageRoot: string): string {
  const { name, version } = readPackage(packageRoot);
  const isWsl = process.platform === 'linux' && release().toLowerCase().includes('microsoft');
  return `${name}/${version} ${isWsl ? 'wsl' : process.platform}-${process.arch} node-${process.version}`;
}

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
