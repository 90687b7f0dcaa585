import { commandsIn, defaultPortOf, findFramework, programIn, scriptCallIn, scriptTextIn } from '@candle/core/programs';
import { findListener, findSource } from './packages/listener.ts';
import type { ProjectFiles } from './project-files.ts';
import type { Place, ProposedService, WrittenService } from './proposal.ts';
import { inDirectory, pathIn, readHint } from './source.ts';

/** A command, and where it runs. */
type RunCommand = Pick<WrittenService, 'shell' | 'root' | 'port'>;

const inCommand = [
  /(?:\s--(?:http-)?port|\s-p|\s-l|\s--listen)(?:=|\s+)"?(\d{4,5})\b/,
  /\bPORT=["']?(\d{4,5})\b/,
  /\$\{(?:\w+_)?PORT:-(\d{4,5})\}/,
  /\brunserver\s+(?:\S+:)?(\d{4,5})\b/,
  // The address of a server, as in `gunicorn -b :8000` and `php -S localhost:8000`
  /\s(?:-b|--bind|-S|-a|--urls)(?:=|\s+)\S*:(\d{4,5})\b/,
];

const configuration = /^(?:vite|nuxt|astro|webpack|rsbuild|rspack|vue)[\w.-]*\.[cm]?[jt]s$/;
const inConfiguration = [/\bport\s*:\s*(\d{4,5})\b/];

/** `process.env.PORT || 3001`, `int(os.environ.get("PORT", 8000))`, and a number in the call itself. */
const inCode = [defaultIn('PORT'), /\.listen\s*\(\s*(\d{4,5})\b/];

function defaultIn(variable: string): RegExp {
  return new RegExp(`\\b${variable}\\b["'\\])]*\\s*(?:\\|\\||\\?\\?|,)\\s*["'\`]?(\\d{4,5})\\b`);
}

/** Files that start a program if its command does not name one. */
const entryFiles = [
  ...['src/main.ts', 'src/index.ts', 'src/server.ts', 'src/index.js', 'src/server.js'],
  ...['server.js', 'index.js', 'server.ts', 'index.ts', 'app.py', 'main.py', 'main.go'],
];

/** Servers that read PORT, so that the table of frameworks has no flag for them. */
const otherServers: readonly (readonly [program: RegExp, port: number])[] = [
  [
    /^(?:fastify start|keystone (?:dev|start)|remix-serve|react-router-serve|(?:craco|react-app-rewired) start)\b/,
    3000,
  ],
  [/^strapi (?:develop|dev|start)\b/, 1337],
  [/^(?:umi|max) dev\b/, 8000],
  [/^directus start\b/, 8055],
  [/^medusa (?:develop|start)\b/, 9000],
];

/**
 * The port on which a service listens if nothing sets another one, as far as its files show it. Other files of the project may
 * contain this number. Pure, apart from reading files.
 * @param from the script that it was found in
 */
export function findDefaultPort(files: ProjectFiles, service: RunCommand, from?: Place): number | undefined {
  if (typeof service.port === 'number') return service.port;
  const { directory, text } = findProgram(files, service, from);
  return (
    portInCommand(text) ??
    numberInConfiguration(files, directory) ??
    numberInDotenv(files, directory, text) ??
    defaultOfFramework(text) ??
    numberInCode(files, directory, text)
  );
}

/** The port on which other files expect a proposed service: that of its file, which its command may not have any more. */
export function expectedPortOf(
  files: ProjectFiles,
  { service, from, defaultPort }: ProposedService,
): number | undefined {
  return service.port === null ? undefined : (defaultPort ?? findDefaultPort(files, service, from));
}

/** The port of an address in the code of a server, such as `":8080"`. */
export function portInCode(text: string): number | undefined {
  return numberIn(text, [/["`](?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::\])?:(\d{4,5})["`]/]);
}

/** The port that a command line sets. */
export function portInCommand(commandLine: string): number | undefined {
  return numberIn(commandLine, inCommand);
}

/** The dotenv files that the command of a service names, relative to the project. */
export function findNamedDotenvs(files: ProjectFiles, service: RunCommand, from?: Place): readonly string[] {
  const { directory, text } = findProgram(files, service, from);
  return namedDotenvs(directory, text);
}

interface Program {
  readonly directory: string;
  /** Its command line, as far as one script shows it. */
  readonly text: string;
}

function findProgram(files: ProjectFiles, service: RunCommand, from: Place | undefined): Program {
  const isScript = from !== undefined && /(?:^|\/)package\.json$/.test(from.file);
  const directory = isScript ? from.file.replace(/\/?package\.json$/, '') : (service.root ?? '');
  return { directory, text: commandText(files, directory, service.shell, isScript ? from : undefined) };
}

/** The values of `--env-file` (Node.js, Bun) and `-e` (dotenv-cli). */
function namedDotenvs(directory: string, text: string): readonly string[] {
  const options = text.matchAll(/\s(?:--env-file(?:-if-exists)?|-e)(?:=|\s+)["']?([\w@./-]*\.env[\w.-]*)/g);
  return [...options].map(([, path = '']) => inDirectory(directory, path));
}

function numberInDotenv(files: ProjectFiles, directory: string, text: string): number | undefined {
  // The last one has the highest precedence.
  const paths = [...namedDotenvs(directory, text).toReversed(), pathIn(directory, '.env')];
  const numbers = paths.map((path) => numberIn(readHint(files, path), [/^PORT=["']?(\d{4,5})\b/m]));
  return numbers.find((number) => number !== undefined);
}

/** The command that runs in the end, as far as one script shows it. */
function commandText(files: ProjectFiles, directory: string, shell: string, from: Place | undefined): string {
  const call = scriptCallIn(shell);
  const script = call && scriptTextIn(readHint(files, pathIn(directory, 'package.json')), call.script);
  if (script !== undefined) return script;
  if (from?.line === undefined) return shell;
  const line = readHint(files, from.file).split('\n')[from.line - 1] ?? '';
  return /^\s*"[^"]*"\s*:\s*"(.*)",?\s*$/.exec(line)?.[1] ?? shell;
}

function numberIn(text: string, patterns: readonly RegExp[]): number | undefined {
  const found = patterns.map((pattern) => pattern.exec(text)?.[1]).find((number) => number !== undefined);
  return found === undefined ? undefined : Number(found);
}

function numberInConfiguration(files: ProjectFiles, directory: string): number | undefined {
  const name = files.list(directory).find((candidate) => configuration.test(candidate));
  return name === undefined ? undefined : numberIn(readHint(files, pathIn(directory, name)), inConfiguration);
}

function defaultOfFramework(text: string): number | undefined {
  const ports = commandsIn(text).map((command) => {
    const framework = findFramework(command);
    if (framework !== undefined) return defaultPortOf(framework);
    return otherServers.find(([program]) => program.test(programIn(command)))?.[1];
  });
  return ports.findLast((port) => port !== undefined);
}

function numberInCode(files: ProjectFiles, directory: string, text: string): number | undefined {
  const words = text.split(/\s+/).filter((word) => /^[\w@./-]+$/.test(word));
  const named = words.map((word) => findSource(files, directory, word)).find((file) => file !== undefined);
  const entry =
    named ?? entryFiles.map((name) => pathIn(directory, name)).find((file) => files.kindOf(file) === 'file');
  if (entry === undefined) return undefined;
  const { listener, fixedPort, portVariable } = findListener(files, entry);
  const patterns = portVariable === undefined ? inCode : [defaultIn(portVariable), ...inCode];
  const found = numberIn(readHint(files, entry), patterns) ?? fixedPort?.port;
  return found ?? (listener === undefined ? undefined : numberIn(readHint(files, listener.file), patterns));
}
