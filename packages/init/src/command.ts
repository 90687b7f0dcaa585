import {
  commandOf,
  commandsIn,
  type Framework,
  findFramework,
  findNamedFramework,
  isOneCommand,
  programIn,
  withArguments,
  withFlag,
} from '@candle/core/programs';
import { findListener, findSource } from './packages/listener.ts';
import { findCalledScript } from './packages/script-calls.ts';
import type { ProjectFiles } from './project-files.ts';
import { escapeTemplates, resolvePath } from './source.ts';

/** A command of another tool's configuration, and what is known about it. */
export interface ForeignCommand {
  readonly shell: string;
  readonly name: string;
  readonly files: ProjectFiles;
  /** Where it runs, relative to the project. */
  readonly directory: string;
  /** The port that the configuration gives it, for example in a readiness check. */
  readonly port?: number | undefined;
  /** Whether the configuration gives it its port in PORT. */
  readonly readsPort?: boolean;
}

/** A command as a service of Candle. */
export interface FittedCommand {
  readonly shell: string;
  readonly port: 'auto' | null;
  readonly portEnv?: string;
  readonly ready?: false;
  readonly guess?: string;
  readonly unselectedBecause?: string;
}

/** Commands of Candle that start services, also inside quotes. */
const candleCommands = /(?:^|["'\s;&|(])candle +(?:up|start|check-start|restart|exec|down|init|kill)\b/;

export function runsCandle(shell: string): boolean {
  return (
    candleCommands.test(shell) ||
    /@candle\/cli\b/.test(shell) ||
    commandsIn(shell).some((command) => /^candle(?: |$)/.test(programIn(command)))
  );
}

/** Programs that wait for files or jobs, in the form that `programIn` returns. */
const workers = [
  /^(?:sidekiq|good_job|shoryuken|clockwork|karafka|que|jobs|delayed_job|resque|sneakers)\b/,
  /^(?:celery\b(?!.* flower\b)|rq|dramatiq|arq|huey_consumer(?:\.py)?|watchmedo)\b/,
  /^(?:rake|rails) [\w:]*(?:jobs:work|resque:work|solid_queue:start|:watch)\b/,
  /^manage\.py (?:rqworker|celery|qcluster|run_huey|process_tasks|tailwind)\b/,
  /^artisan (?:queue:(?:work|listen)|horizon|schedule:work|pail)\b/,
  /^(?:tailwindcss|tsc|vue-tsc|sass|postcss|rollup|tsup|webpack|vite build|parcel watch|graphql-codegen|babel|swc)\b.* (?:-w|--watch)\b/,
  /^esbuild\b(?!.*--serve\b).* --watch\b/,
  /^(?:build|compile)[\w:-]*(?: .*)? (?:-w|--watch)\b/,
  /^(?:watch|[\w-]+:watch|watch:[\w:-]+)$/,
];

/** Programs that need a terminal to be of any use. */
const interactive =
  /^(?:n?vim?|nano|emacs|htop|btop|top|less|man|lazygit|lazydocker|k9s|tig|psql|mysql|redis-cli|bash|zsh|fish|sh|irb|rails (?:c|console)|tinker)(?: |$)/;

const tests = /^(?:jest|vitest|mocha|ava|playwright|cypress|pytest|rspec|phpunit|go test|cargo test|test)(?:[ :]|$)/;

const serverNames =
  /^(?:web|www|http|server|api|app|backend|frontend|front|back|client|site|rails|django|next|vite|proxy|gateway)\d*$/i;

/** Characters. Longer texts are programs, and expressions need quadratic time for some of them. */
const maxLength = 8 * 1024;

/** Decides whether the command serves, and makes it use the reserved port. */
export function fitCommand(written: ForeignCommand): FittedCommand {
  const command = { ...written, shell: escapeTemplates(written.shell) };
  const { shell } = command;
  if (shell.length > maxLength) return { ...worker(shell), guess: 'its command is too long to be understood' };
  const resolved = resolveScript(command);
  const { text } = resolved;
  const programs = commandsIn(text).map(programIn);
  const last = programs.findLast((program) => program !== '') ?? '';
  if (interactive.test(last)) return { ...worker(shell), unselectedBecause: 'it needs a terminal' };
  if (tests.test(last)) return { ...worker(shell), unselectedBecause: 'it runs tests' };
  const framework = commandsIn(text)
    .map(findFramework)
    .findLast((found) => found !== undefined);
  if (framework !== undefined) {
    const fitted =
      resolved.manager === undefined ? fitFramework(framework, shell) : fitScript(framework, shell, resolved);
    return fitted ?? { ...server(shell), guess: `${framework.name} ${framework.why}` };
  }
  if (command.port === undefined && workers.some((pattern) => programs.some((program) => pattern.test(program))))
    return worker(shell);
  const replaced = replacePort(shell);
  const withPort = replaced === shell ? replaceNumber(shell, command.port) : replaced;
  if (withPort !== shell) return server(withPort);
  // By convention, the process `web` is the one that gets requests.
  if (/\$\{?PORT\b/.test(text) || command.readsPort === true || command.name === 'web') return server(shell);
  return guessFrom({ ...command, directory: resolved.directory }, text);
}

function server(shell: string): FittedCommand {
  return { shell, port: 'auto' };
}

function worker(shell: string): FittedCommand {
  return { shell, port: null, ready: false };
}

/** The file that runs is better evidence than the name of the process. */
function guessFrom({ shell, name, files, directory, port }: ForeignCommand, text: string): FittedCommand {
  const file = findEntry(files, directory, text);
  if (file !== undefined) {
    const { listener, readsPort, portVariable } = findListener(files, file);
    if (listener === undefined) return { ...worker(shell), guess: `nothing in ${file} listens on a port` };
    const found = `${listener.file}:${listener.line} contains "${listener.call}"`;
    if (portVariable !== undefined) return { ...server(shell), portEnv: portVariable, guess: found };
    return { ...server(shell), guess: readsPort ? found : `${found}, but nothing reads PORT` };
  }
  if (port !== undefined) return { ...server(shell), guess: `its port is ${port}, which its command does not set` };
  const named = runsFile(files, directory, text) ? findNamedFramework(name) : undefined;
  if (named !== undefined || serverNames.test(name))
    return { ...server(shell), ...portEnvOf(named), guess: `it is named ${name}` };
  return { ...worker(shell), guess: 'its command does not show that it opens a port' };
}

/** The file of the project that a command runs, also as `node src` or `python -m shop.server`. */
function findEntry(files: ProjectFiles, directory: string, text: string): string | undefined {
  const [, ...words] = (commandsIn(text).at(-1) ?? '').split(/\s+/);
  const paths = words.filter((word) => /^[\w.][\w./-]*$/.test(word) && !word.split('/').includes('..'));
  const modules = paths.filter((word) => /^\w+(?:\.\w+)+$/.test(word)).map((word) => word.replaceAll('.', '/'));
  return [...paths, ...modules].map((path) => findSource(files, directory, path)).find((file) => file !== undefined);
}

/** Whether a command runs a file of the project, such as `./scripts/postgres.sh`. */
function runsFile(files: ProjectFiles, directory: string, text: string): boolean {
  const words = (commandsIn(text).at(-1) ?? '').split(/\s+/);
  const program = words.find((word) => !/^(?:exec|sh|bash|\w+=.*)$/.test(word)) ?? '';
  const path = resolvePath(directory, program);
  return path !== undefined && files.kindOf(path) === 'file';
}

/** A script can run another one, and more than a few levels are a loop. */
const maxScripts = 5;

/** The command that runs in the end, and where, if the written one calls a script of a package. */
export function resolveScript({
  shell,
  files,
  directory,
}: Pick<ForeignCommand, 'shell' | 'files' | 'directory'>): ResolvedCommand {
  let resolved: ResolvedCommand = { text: shell, directory, manager: undefined };
  for (let level = 0; level < maxScripts; level++) {
    const called = findCalledScript(files, resolved.directory, resolved.text);
    if (called === undefined) return resolved;
    resolved = { ...called, manager: resolved.manager ?? called.manager };
  }
  return resolved;
}

interface ResolvedCommand {
  readonly text: string;
  readonly directory: string;
  /** The package manager that the written command calls; undefined if it calls none. */
  readonly manager: string | undefined;
}

function templated(flag: string): string {
  return flag.replaceAll('$PORT', '${port}');
}

/** The command with the framework's flag. Undefined if it cannot be changed with certainty. */
function fitFramework(framework: Framework, shell: string): FittedCommand | undefined {
  const { flag, given, variable } = framework;
  const direct = commandOf(framework, shell) ?? '';
  if (flag !== undefined && given?.test(direct) === true) {
    const changed = withFlag(framework, templated(flag), shell);
    if (changed !== undefined) return server(replacePort(changed));
  }
  const replaced = replacePort(shell);
  const command = commandOf(framework, replaced) ?? '';
  if (flag !== undefined && !programIn(command).includes('${port}')) {
    const changed = withLastFlag(framework, templated(flag), replaced);
    if (changed !== undefined) return server(changed);
  }
  if (replaced !== shell && programIn(command).includes('${port}')) return server(replaced);
  if (variable !== undefined) return { ...server(replaced), portEnv: variable };
  return undefined;
}

function portEnvOf(framework: Framework | undefined): { readonly portEnv?: string } {
  return framework?.variable === undefined ? {} : { portEnv: framework.variable };
}

/** Appends the flag if the framework's command is the last one of a list, where the shell passes it to that command. */
function withLastFlag(framework: Framework, flag: string, shell: string): string | undefined {
  if (/\bsh -\w*c\b/.test(shell)) return undefined;
  const changed = withFlag(framework, flag, shell);
  if (changed !== undefined) return changed;
  const command = commandOf(framework, shell);
  const isList = isOneCommand(shell.replaceAll(/&&|;/g, ' '));
  return isList && command !== undefined && shell.trimEnd().endsWith(command)
    ? `${shell.trimEnd()} ${flag}`
    : undefined;
}

/** A script that already uses PORT needs no flag; others get it as an argument. */
function fitScript(
  framework: Framework,
  shell: string,
  { text, manager = '' }: ResolvedCommand,
): FittedCommand | undefined {
  const { flag, variable } = framework;
  if (/\$\{?PORT\b/.test(text)) return server(shell);
  const command = commandOf(framework, text) ?? '';
  if (flag !== undefined && text.trimEnd().endsWith(command))
    return server(withArguments(shell, manager, templated(flag)));
  return variable === undefined ? undefined : { ...server(shell), portEnv: variable };
}

/** The port of this machine that a container publishes, as in `docker run -p 127.0.0.1:8080:80`. */
const publishedPort = /^(.*\b(?:docker|podman|nerdctl) run .*?(?: -p ?| --publish[ =])(?:[\d.]+:)?)\d{2,5}(?=:\d)/s;

/** Replaces PORT, its default, and a number that is set for it. */
function replacePort(shell: string): string {
  return shell
    .replace(publishedPort, '$1$${port}')
    .replace(/\$\{PORT(?::?[-=?][^}]*)?\}|\$PORT\b/g, '${port}')
    .replace(/(^|[\s;&|(])PORT=(["']?)\d+\2(?=\s)/g, '$1PORT=$${port}')
    .replace(/( (?:--port|--http-port|-p|-P)[ =])\d{4,5}(?=\s|$)/g, '$1$${port}');
}

/** Replaces the number of a port that is known to be the one of the command. */
function replaceNumber(shell: string, port: number | undefined): string {
  return port === undefined ? shell : shell.replace(new RegExp(`(?<![\\w.])${port}(?![\\w.])`, 'g'), '${port}');
}
