import { findFramework, isNodeFramework } from '@candle/core/programs';
import type { Agent } from 'package-manager-detector';
import { resolveCommand } from 'package-manager-detector/commands';
import { AGENTS, LOCKS } from 'package-manager-detector/constants';
import { type ProjectFiles, readText } from '../project-files.ts';
import { inDirectory, quoteWord } from '../source.ts';
import type { Package } from './package-json.ts';
import { wordsIn } from './shell-line.ts';

/** The program that installs the dependencies of a package and runs its scripts. */
export interface PackageManager {
  readonly agent: Agent;
  /** Relative to the project; undefined if its lockfile does not exist. */
  readonly lockfile: string | undefined;
}

/** The package manager that a directory's lockfile or package.json asks for; undefined if neither does. */
export function findPackageManager(
  files: ProjectFiles,
  directory: string,
  found?: Package,
): PackageManager | undefined {
  const lockfiles = Object.entries(LOCKS).filter(
    ([name]) => name !== 'pnpm-workspace.yaml' && files.kindOf(inDirectory(directory, name)) === 'file',
  );
  const declared = found?.packageManager === undefined ? undefined : agentOf(found.packageManager);
  const [first] = lockfiles;
  const hasPnpmWorkspace = files.kindOf(inDirectory(directory, 'pnpm-workspace.yaml')) === 'file';
  const agent = declared ?? first?.[1] ?? (hasPnpmWorkspace ? 'pnpm' : undefined);
  if (agent === undefined) return undefined;
  const kind = agent.split('@')[0];
  const lockfile = lockfiles.find(([, name]) => name === kind)?.[0];
  return {
    agent: agent === 'yarn' && isBerry(files, directory) ? 'yarn@berry' : agent,
    lockfile: lockfile && inDirectory(directory, lockfile),
  };
}

/** The lockfiles of other package managers than the one that is used. */
export function otherLockfiles(files: ProjectFiles, directory: string, { agent }: PackageManager): readonly string[] {
  return Object.entries(LOCKS)
    .filter(([name, owner]) => name !== 'pnpm-workspace.yaml' && owner !== agent.split('@')[0])
    .map(([name]) => inDirectory(directory, name))
    .filter((path) => files.kindOf(path) === 'file');
}

export function runCommand({ agent }: PackageManager, script: string, flags: string): string {
  return command(agent, 'run', [quoteWord(script), ...(flags === '' ? [] : [flags])]);
}

/** Programs that are not installed by a package manager for Node.js, in addition to the frameworks of other languages. */
const systemPrograms =
  /^(?:node|deno|bun|bunx|npm|npx|pnpm|pnpx|yarn|corepack|python3?(?:\.\d+)?|pip3?|uvx?|poetry|pipenv|pdm|hatch|celery|ruby|bundle|rake|rackup|php|composer|symfony|go|cargo|java|mvn|gradle|docker|docker-compose|podman|caddy|nginx|make|just|task|sh|bash|zsh|env|cd|echo|cat|sleep|mkdir|rm|cp|exec|[./(].*)$/;

/** A single command whose program is found in node_modules, as it is in a script. */
export function execCommand({ agent }: PackageManager, shell: string): string {
  const [, assignments = '', rest = ''] = /^((?:\w+=(?:"[^"]*"|'[^']*'|\S*)\s+)*)(.*)$/s.exec(shell.trim()) ?? [];
  const [program] = wordsIn(rest);
  const framework = findFramework(rest);
  const isSystem = framework !== undefined && !isNodeFramework(framework);
  if (program === undefined || isSystem || systemPrograms.test(program.text)) return `${assignments}${rest}`;
  // `yarn exec` is a shell in some versions and not in others; `yarn run` finds commands in all of them.
  return `${assignments}${agent.startsWith('yarn') ? `yarn run ${rest}` : command(agent, 'execute-local', [rest])}`;
}

/** Installs exactly what the lockfile lists, if there is one. */
export function installCommand({ agent, lockfile }: PackageManager): string {
  return command(agent, lockfile === undefined ? 'install' : 'frozen', []).replace(/ i(?= |$)/, ' install');
}

function command(agent: Agent, kind: 'run' | 'execute-local' | 'install' | 'frozen', args: string[]): string {
  const resolved = resolveCommand(agent, kind, args);
  return [resolved?.command ?? agent, ...(resolved?.args ?? args)].join(' ');
}

function agentOf(declared: string): Agent | undefined {
  const [name, version = ''] = declared.replace(/^\^/, '').split('@');
  const major = Number.parseInt(version.replace(/^\D*/, ''), 10);
  if (name === 'yarn' && major > 1) return 'yarn@berry';
  if (name === 'pnpm' && major < 7) return 'pnpm@6';
  return AGENTS.find((agent) => agent === name);
}

function isBerry(files: ProjectFiles, directory: string): boolean {
  if (files.kindOf(inDirectory(directory, '.yarnrc.yml')) === 'file') return true;
  // A lockfile that is too large to read is reported when it matters, by yarn.
  const { text = '' } = readText(files, inDirectory(directory, 'yarn.lock'));
  return /^__metadata:/m.test(text);
}
