// Answers without oclif and the commands, whose loading takes longer than these answers: the version, the list of commands, and
// the completion of a command line while the user types.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { safeText } from '@candle/core/errors';
import {
  type Candidate,
  type CompletedCommands,
  type Completion,
  completeLine,
  matching,
  type NameSource,
  namesOf,
} from './completion/complete-line.ts';
import { helpIndexPath, helpStyle, readHelpIndex, renderHelp } from './help/help-text.ts';
import { dataDirectory, homeDirectory, ignoreTerminalOfAgent, installExitHandlers } from './host/process-setup.ts';
import { changesOclif, userAgent } from './host/run-own-command.ts';
import { writeOutput } from './host/write-output.ts';
import { listInstalled } from './plugins/directory/plugin-list.ts';
import { rootOf } from './plugins/plugin-entry.ts';

/** The words before the command line that a shell completes. `bin/start.js` loads this file if a line begins with them. */
const wordsBeforeLine = 3;

/** Whether the line was answered. If not, the whole CLI has to answer it. */
export async function answerQuickly(
  argv: readonly string[],
  currentDirectory: string,
  packageRoot: string,
): Promise<boolean> {
  ignoreTerminalOfAgent(process);
  installExitHandlers();
  const [first = ''] = argv;
  if (['--version', '-v'].includes(first)) return showVersion(packageRoot);
  if (first !== 'completion') return showHelp(packageRoot);
  const answer = await complete(argv.slice(wordsBeforeLine), { packageRoot, currentDirectory }).catch(() => '');
  writeOutput('stdout', answer);
  return true;
}

function showVersion(packageRoot: string): boolean {
  if (changesOclif(process.env)) return false;
  writeOutput('stdout', `${userAgent(packageRoot)}\n`);
  return true;
}

/** The commands of plugins need oclif, which also reports an installation that is broken. */
function showHelp(packageRoot: string): boolean {
  const dataDir = dataDirectory(process.env);
  const hasIndex = existsSync(helpIndexPath(packageRoot));
  if (!hasIndex || (dataDir !== undefined && existsSync(join(dataDir, 'package.json')))) return false;
  process.stdout.write(`${renderHelp(readHelpIndex(packageRoot), [], helpStyle(process.stdout))}\n`);
  return true;
}

interface Place {
  readonly packageRoot: string;
  readonly currentDirectory: string;
}

/** How the shell completes paths, in the protocol of @bomb.sh/tab and cobra. */
const directives: Readonly<Record<Completion['paths'], number>> = { none: 4, directories: 16, files: 0 };

/** A line for each candidate, and a number that says whether paths are possible too. */
async function complete(words: readonly string[], place: Place): Promise<string> {
  const completion = completeLine(readCommands(place.packageRoot), words);
  const names = await Promise.all(completion.sources.map((source) => listNames(source, completion, place)));
  const candidates = matching(completion, [...completion.candidates, ...names.flat()]);
  return `${candidates.map(renderCandidate).join('')}:${directives[completion.paths]}\n`;
}

function renderCandidate({ value, description }: Candidate): string {
  return description === '' ? `${value}\n` : `${value}\t${safeText(description.replaceAll(/[\t\n]/g, ' '))}\n`;
}

/** Candle's own commands, and those in the manifests of plugins. A plugin without one is not loaded for a completion. */
function readCommands(packageRoot: string): CompletedCommands {
  const own = readManifest(packageRoot);
  const dataDir = dataDirectory(process.env);
  const plugins =
    dataDir === undefined ? [] : listInstalled(dataDir).map((entry) => readManifest(rootOf(entry, dataDir)));
  if (plugins.length === 0) return own;
  // Like for a command, a name belongs to Candle, or else to the plugin that was installed first.
  const firstWord = (name: string) => name.split(':', 1).join('');
  const ownWords = new Set(Object.entries(own).flatMap(([id, command]) => namesOf(id, command).map(firstWord)));
  const others = plugins.toReversed().flatMap((commands) => Object.entries(commands));
  return { ...Object.fromEntries(others.filter(([id]) => !ownWords.has(firstWord(id)))), ...own };
}

function readManifest(root: string): CompletedCommands {
  try {
    return JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')).commands;
  } catch {
    return {};
  }
}

/** The names of one kind, from the files of Candle, the configuration and the database. */
async function listNames(
  source: NameSource,
  { project, typed }: Completion,
  place: Place,
): Promise<readonly Candidate[]> {
  const { packageRoot, currentDirectory } = place;
  switch (source) {
    case 'pages': {
      // A page is also found by a link to it, such as guides/ci.
      const directory = typed.slice(0, typed.lastIndexOf('/') + 1);
      return listPages(packageRoot).map((page) => ({ ...page, value: directory + page.value }));
    }
    case 'topics':
      return [...completeLine(readCommands(packageRoot), ['']).candidates, ...listPages(packageRoot)];
    case 'plugins':
      return listInstalled(dataDirectory(process.env) ?? '/').map(({ name }) => ({ value: name, description: '' }));
  }
  const { readAllReservations, readKnownNames } = await import('@candle/core/completion');
  const caller = { env: process.env, home: homeDirectory(), cwd: currentDirectory };
  if (source === 'all-ports') {
    return readAllReservations(caller).map(({ port, name, projectDir }) => ({
      value: String(port),
      description: `${name ?? 'project-level'}, ${projectDir}`,
    }));
  }
  const startDir = resolve(currentDirectory, project ?? '.');
  const { services, runningServices, reservations } = await readKnownNames(startDir, caller);
  if (source === 'ports') {
    return reservations.map(({ port, name }) => ({ value: String(port), description: name ?? 'project-level' }));
  }
  const ports = new Map(reservations.map(({ name, port }) => [name, port]));
  const names = {
    services,
    // Only these can have a URL.
    'services-with-port': services.filter((name) => ports.has(name)),
    'running-services': runningServices,
    reservations: reservations.flatMap(({ name }) => name ?? []),
  }[source];
  return names.map((name) => ({ value: name, description: ports.has(name) ? `port ${ports.get(name)}` : 'service' }));
}

function listPages(packageRoot: string): readonly Candidate[] {
  return readHelpIndex(packageRoot).pages.map(([value, description]) => ({ value, description }));
}
