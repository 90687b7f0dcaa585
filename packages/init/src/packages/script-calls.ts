import { isOneCommand } from '@candle/core/programs';
import type { ProjectFiles } from '../project-files.ts';
import { inDirectory } from '../source.ts';
import { type Package, readPackage } from './package-json.ts';
import { type Word, wordsIn } from './shell-line.ts';
import { findWorkspace, selectPackages, type Workspace } from './workspace.ts';

/** A command that runs a script of one or more packages. */
export interface ScriptCall {
  readonly script: string;
  /** What is passed to the script. */
  readonly args: readonly Word[];
  readonly packages: readonly Package[];
  /** Whether arguments that are appended to the call are passed to the script. */
  readonly forwards: boolean;
}

const managers = /^(?:npm|pnpm|yarn|bun|deno)$/;
const optionsWithValue =
  /^(?:-w|--workspace|--prefix|-C|--dir|--cwd|-F|--filter|--filter-prod|--scope|--include|--from)$/;
const inDirectoryOptions = /^(?:--prefix|-C|--dir|--cwd)$/;
const filterOptions = /^(?:-w|--workspace|-F|--filter|--filter-prod|--scope|--include)$/;
const everywhereOptions: Readonly<Record<string, RegExp>> = {
  npm: /^(?:-ws|--workspaces)$/,
  pnpm: /^(?:-r|--recursive)$/,
  yarn: /^--workspaces$/,
  bun: /^--workspaces$/,
  deno: /^(?:-r|--recursive)$/,
};

/** Commands of the package managers themselves. */
const builtins =
  /^(?:install|i|ci|add|remove|exec|x|dlx|create|init|audit|publish|pack|why|info|config|rebuild|dedupe|patch-package)$/;

/** A script of one package that a command runs. */
export interface CalledScript {
  readonly text: string;
  /** Of the package, relative to the project. */
  readonly directory: string;
  /** The package manager that runs it. */
  readonly manager: string;
}

/** Reading all packages of a project takes time, and its files often contain several commands. */
const workspaces = new WeakMap<ProjectFiles, Workspace>();

/**
 * The script that a shell line runs in the end, as in `pnpm --filter web dev` and `cd client && npm start`. Undefined if it does
 * anything else, or starts several packages.
 * @param directory where the line runs, relative to the project
 */
export function findCalledScript(files: ProjectFiles, directory: string, shell: string): CalledScript | undefined {
  const steps = shell.split('&&');
  if (!steps.every(isOneCommand)) return undefined;
  const words = wordsIn(steps.pop() ?? '');
  const command = words.slice(words.findIndex(({ text }) => !/^(?:\w+=.*|exec|env|cross-env)$/.test(text)));
  const manager = command[0]?.text ?? '';
  if (!managers.test(manager)) return undefined;
  const workspace = workspaces.get(files) ?? findWorkspace(files);
  workspaces.set(files, workspace);
  let from = packageIn(files, workspace, directory);
  for (const step of steps) from = packageIn(files, workspace, changedDirectory(from, step) ?? from.directory);
  const call = findScriptCall(workspace, from, command);
  const [called, ...others] = call?.packages ?? [];
  const script = called?.scripts.get(call?.script ?? '')?.text;
  if (called === undefined || script === undefined || others.length > 0) return undefined;
  const text = [script, ...(call?.args ?? []).map(({ raw }) => raw)].join(' ');
  return { text, directory: called.directory, manager };
}

function packageIn(files: ProjectFiles, { packages }: Workspace, directory: string): Package {
  return (
    packages.find((each) => each.directory === directory) ??
    readPackage(files, directory).found ?? {
      ...{ directory, file: inDirectory(directory, 'package.json'), name: undefined, scripts: new Map() },
      ...{ dependencies: new Set(), workspaces: [], packageManager: undefined, main: undefined, hasCommand: false },
    }
  );
}

/** Undefined if the command does anything else. */
export function findScriptCall(workspace: Workspace, from: Package, words: readonly Word[]): ScriptCall | undefined {
  const [{ text: program = '' } = {}, ...rest] = words;
  if (program === 'node' && rest[0]?.text === '--run') return callOf(from, rest[1]?.text, rest.slice(2));
  if (program === 'lerna') return lernaCall(workspace, rest);
  if (!managers.test(program) || (program === 'deno' && rest[0]?.text !== 'task')) return undefined;
  const options: { name: string; value: string }[] = [];
  const positionals: Word[] = [];
  let at = 0;
  // Only npm accepts its own options after the name of the script.
  const isDone = () => program !== 'npm' && positionals.length > (positionals[0]?.text === 'run' ? 1 : 0);
  for (; at < rest.length && rest[at]?.text !== '--' && !isDone(); at += 1) {
    const word = rest[at];
    if (word === undefined) break;
    if (!word.text.startsWith('-')) {
      if (/^(?:workspaces?|foreach)$/.test(word.text) && program === 'yarn') {
        options.push(...yarnOptions(word.text, rest[at + 1]?.text));
        if (word.text === 'workspace') at += 1;
      } else positionals.push(isRunCommand(program, word.text) ? { raw: 'run', text: 'run' } : word);
    } else {
      const [, name = word.text, value] = /^(--?[^=]*)=(.*)$/s.exec(word.text) ?? [];
      const hasValue = value === undefined && optionsWithValue.test(name);
      options.push({ name, value: value ?? (hasValue ? (rest[at + 1]?.text ?? '') : '') });
      if (hasValue) at += 1;
    }
  }
  const hasDashes = rest[at]?.text === '--';
  const args = rest.slice(hasDashes ? at + 1 : at);
  const isRun = positionals[0]?.text === 'run';
  const [{ text: script } = { text: undefined }, ...more] = isRun ? positionals.slice(1) : positionals;
  if (script === undefined || (!isRun && !isShortForm(program, script))) return undefined;
  const packages = packagesOf(workspace, from, program, script, options);
  // A name that is not a script is that of a program in node_modules.
  if (packages === undefined) return undefined;
  return { script, args: [...more, ...args], packages, forwards: program !== 'npm' || hasDashes };
}

function isRunCommand(program: string, word: string): boolean {
  return program === 'deno' ? word === 'task' : word === 'run' || word === 'run-script';
}

function isShortForm(program: string, script: string): boolean {
  if (program === 'npm') return /^(?:start|restart)$/.test(script);
  if (program === 'deno') return false;
  return !builtins.test(script) && !(program === 'bun' && /^(?:build|test)$/.test(script));
}

/** Undefined if none of them has the script. */
function packagesOf(
  workspace: Workspace,
  from: Package,
  program: string,
  script: string,
  options: readonly { readonly name: string; readonly value: string }[],
): readonly Package[] | undefined {
  const filters = options.filter(({ name }) => filterOptions.test(name)).map(({ value }) => value);
  const isEverywhere = options.some(({ name }) => everywhereOptions[program]?.test(name));
  const others = workspace.packages.filter((each) => each !== workspace.root);
  const directory = options.find(({ name }) => inDirectoryOptions.test(name))?.value;
  const candidates =
    filters.length > 0 || isEverywhere
      ? selectPackages({ packages: filters.length > 0 ? workspace.packages : others }, filters)
      : workspace.packages.filter(
          (each) =>
            each.directory === (directory === undefined ? from.directory : inDirectory(from.directory, directory)),
        );
  const packages = candidates.filter(({ scripts }) => scripts.has(script));
  return packages.length === 0 && filters.length === 0 && !isEverywhere ? undefined : packages;
}

function yarnOptions(word: string, next: string | undefined): readonly { name: string; value: string }[] {
  if (word === 'workspace') return [{ name: '--workspace', value: next ?? '' }];
  return [{ name: '--workspaces', value: '' }];
}

/** `lerna run dev --scope web`. */
function lernaCall(workspace: Workspace, words: readonly Word[]): ScriptCall | undefined {
  const [verb, script] = words.filter(({ text }) => !text.startsWith('-'));
  if (verb?.text !== 'run' || script === undefined) return undefined;
  const filters = words.flatMap(({ text }, at) =>
    text === '--scope' ? [words[at + 1]?.text ?? ''] : text.startsWith('--scope=') ? [text.slice(8)] : [],
  );
  const packages = selectPackages(workspace, filters).filter(({ scripts }) => scripts.has(script.text));
  return { script: script.text, args: [], packages, forwards: false };
}

function callOf(from: Package, script: string | undefined, args: readonly Word[]): ScriptCall | undefined {
  if (script === undefined || !from.scripts.has(script)) return undefined;
  return { script, args: args.filter(({ text }) => text !== '--'), packages: [from], forwards: args.length > 0 };
}

/** The directory that `cd client` changes to. */
export function changedDirectory(from: Package, step: string): string | undefined {
  const [program, directory, ...more] = wordsIn(step);
  return program?.text === 'cd' && directory !== undefined && more.length === 0
    ? inDirectory(from.directory, directory.text)
    : undefined;
}
