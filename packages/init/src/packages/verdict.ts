import { type Framework, findFramework, scriptCallIn } from '@candle/core/programs';
import type { ProjectFiles } from '../project-files.ts';
import { inDirectory } from '../source.ts';
import { findListener, findSource, type ListenerSearch } from './listener.ts';
import { findNxTarget } from './nx.ts';
import type { Package } from './package-json.ts';
import type { Process } from './processes.ts';
import { wordsIn } from './shell-line.ts';
import type { Workspace } from './workspace.ts';

/** What a program is, as far as it can be told without running it. Reasons are parts of a sentence about it. */
export type Verdict =
  | {
      readonly kind: 'server';
      /** How it gets its port; undefined if it reads PORT. */
      readonly framework?: PortFlag;
      /** Why this is uncertain. */
      readonly guess?: string;
      readonly search?: ListenerSearch;
      /** Whether it runs the result of a build, which a new checkout does not have. */
      readonly needsBuild?: boolean;
    }
  /** It runs, but nothing shows that it listens. */
  | { readonly kind: 'worker'; readonly guess: string }
  /** A build that runs again whenever a file changes. */
  | { readonly kind: 'watcher' }
  /** Something that people start only when they need it. */
  | {
      readonly kind: 'optional';
      readonly reason: string;
      readonly isDocumentation?: boolean;
      readonly framework?: PortFlag;
    }
  /** It ends by itself, or it is a tool for development. */
  | { readonly kind: 'tool' }
  | { readonly kind: 'candle' };

export type PortFlag = Pick<Framework, 'name' | 'flag' | 'given' | 'flagAfter' | 'variable'>;

const documentation = 'it shows the documentation';

interface OptionalProgram {
  readonly program: RegExp;
  readonly reason: string;
  readonly flag?: string;
}

const optionalPrograms: readonly OptionalProgram[] = [
  { program: /^(?:storybook(?: dev)?(?= |$)|start-storybook)/, reason: 'it shows components in Storybook' },
  { program: /^(?:email|react-email) dev\b/, reason: 'it shows a preview of emails', flag: '--port $PORT' },
  { program: /^(?:prisma|drizzle-kit) studio\b/, reason: 'it is a browser for the database', flag: '--port $PORT' },
  {
    program: /^(?:tauri|electron|electron-vite|electron-forge|electron-builder|wails)(?: |$)/,
    reason: 'it is a desktop application',
  },
  { program: /^(?:expo|react-native|cap|ionic)(?: |$)/, reason: 'it is a mobile application' },
  { program: /^vitepress(?: |$)/, reason: documentation },
  { program: /^(?:docusaurus|mintlify|mint|vuepress|typedoc|slidev|rspress)(?: |$)/, reason: documentation },
  {
    program: /^(?:(?:ba|z|da)?sh|make|just|task|\S+\.sh)(?: |$)/,
    reason: 'it runs a script that may start anything',
  },
  {
    program: /^(?:trigger|inngest|stripe|ngrok|cloudflared|trigger\.dev)(?: |$)/,
    reason: 'it connects to a service on the Internet',
  },
];

const watchers =
  /^(?:tsc|tsgo|tsup|tsdown|vite build|rollup|webpack|rspack|esbuild|swc|babel|graphql-codegen|codegen|tailwindcss|sass|postcss|ng build|parcel watch|svelte-package|panda|unbuild|pkgroll|lingui|paraglide-js|chokidar|onchange|watchexec|contentlayer2?|relay-compiler|openapi-ts|orval)\b.*(?: -w\b| --watch\b| watch\b| dev\b| --stub\b)/;

const tools =
  /^(?:tsc|tsgo|tsup|tsdown|vite (?:build|optimize)|next (?:build|lint|export)|rollup|webpack|rspack build|esbuild|swc|babel|graphql-codegen|tailwindcss|sass|postcss|ng (?:build|test|lint)|eslint|oxlint|biome|prettier|oxfmt|stylelint|vitest|jest|mocha|ava|playwright|cypress|wdio|karma|tap|c8|nyc|echo|printf|rimraf|rm|cp|mkdir|true|false|exit|git|husky|changeset|docker|docker-compose|podman|prisma|drizzle-kit|knex|sequelize|npm|pnpm|yarn|bun (?:install|test|build)|deno (?:test|fmt|lint|check)|turbo|nx|lerna|foreman|nf|overmind|hivemind|open|kill-port|wait-on|sleep|cat|tauri|gh-pages|semantic-release)(?: |$)/;

/** Servers that read PORT, so that they need no flag. */
const portReaders =
  /^(?:fastify start|strapi (?:develop|dev|start)|keystone (?:dev|start)|directus start|medusa (?:develop|start)|umi dev|max dev|remix dev|remix-serve|react-router-serve|rw dev|meteor|craco start|react-app-rewired start|blitz dev|nodecg start|payload|vinxi start|nitro preview)(?: |$)/;

const devServer: PortFlag = { name: 'nx', flag: '--port $PORT', given: / --port(?:=| +)\d+/ };

/** Programs that run a file. */
const runtimes =
  /^(?:node|nodejs|bun|deno|tsx|ts-node|ts-node-dev|tsnd|nodemon|node-dev|vite-node|swc-node|babel-node|jiti|esr|esno|coffee|python3?|nest)$/;

const servesBuild = /^(?:next start|vite preview|astro preview|nuxi? preview|nuxt preview)\b/;

/** A port in the command of a program that is not in the table. */
export const ownPort = / (?:--port|-p)(?:=| +)\d{2,5}(?= |$)/;

export function judge(files: ProjectFiles, workspace: Workspace, process: Process): Verdict {
  const { command, from } = process;
  const words = wordsIn(command);
  if (/^(?:docusaurus|vitepress) (?!start\b|dev\b)[a-z]/.test(command)) return { kind: 'tool' };
  if (runsCandle(process)) return { kind: 'candle' };
  // A source of another language describes the programs of such a directory.
  if (process.outside !== undefined) return { kind: 'tool' };
  // `node serve.js` is not the program "serve".
  const framework = runsOwnFile(words.map(({ text }) => text)) ? undefined : findFramework(command);
  const optional = optionalPrograms.find(({ program }) => program.test(command));
  const reason = optional?.reason ?? windowReason(files, from);
  if (reason !== undefined) {
    const { flag } = optional ?? {};
    const own = flag === undefined ? framework : { name: reason, flag, given: / (?:--port|-p)(?:=| +)\d+/ };
    return { kind: 'optional', reason, isDocumentation: reason === documentation, ...(own && { framework: own }) };
  }
  if (watchers.test(command)) return { kind: 'watcher' };
  if (framework !== undefined) return { kind: 'server', framework, needsBuild: servesBuild.test(command) };
  if (portReaders.test(command)) return { kind: 'server' };
  const target = findNxTarget(words);
  if (target !== undefined) return judgeTarget(files, workspace, target);
  if (tools.test(command)) return { kind: 'tool' };
  return judgeFile(files, from, command);
}

/** Whether it, or a step before it, starts Candle, which would then start itself again. */
export function runsCandle({ command, from, script, before }: Process): boolean {
  const steps = before.flatMap((step) => {
    const call = scriptCallIn(step.shell);
    return [step.shell, call === undefined ? '' : (step.from.scripts.get(call.script)?.text ?? '')];
  });
  const pre = from.scripts.get(`pre${script}`)?.text ?? '';
  return [command, pre, ...steps].some((text) => /(?:^|[/\s])candle(?= |$)|@candle\/cli\b/.test(text));
}

/** The pages of some packages are shown by another program. */
function windowReason(files: ProjectFiles, { directory, dependencies }: Package): string | undefined {
  const isTauri = files.kindOf(inDirectory(directory, 'src-tauri')) === 'directory';
  return isTauri || dependencies.has('electron') ? 'it is the window of a desktop application' : undefined;
}

function runsOwnFile([program = '', ...rest]: readonly string[]): boolean {
  const file = rest.find((word) => /\.[cm]?[jt]sx?$/.test(word));
  return runtimes.test(program) && program !== 'deno' && file !== undefined && !file.includes('node_modules/');
}

function judgeFile(files: ProjectFiles, from: Package, command: string): Verdict {
  const [program = '', ...rest] = wordsIn(command).map(({ text }) => text);
  const isBun = program === 'bun';
  const file = runtimes.test(program) ? findEntry(files, from, program, rest) : undefined;
  const search = file === undefined ? undefined : findListener(files, file, { isBun });
  // Even if the file exists here: git ignores it, so that another worktree does not have it.
  const isBuilt = rest.some((word) => /^(?:\.\/)?(?:dist|build|out|\.output)\//.test(word));
  const isTool = from.hasCommand && (search?.listener === undefined || /(?:^|\/)(?:bin|cli)\b/.test(file ?? ''));
  if (isTool) return { kind: 'optional', reason: 'it is a command-line tool' };
  if (search?.listener !== undefined) {
    const { file: path, line, call } = search.listener;
    const readsPort =
      search.readsPort || search.portVariable !== undefined || (isBun && search.fixedPort === undefined);
    return {
      kind: 'server',
      guess: `${path}:${line} contains "${call}"`,
      search: { ...search, readsPort },
      needsBuild: isBuilt,
    };
  }
  if (ownPort.test(command)) return { kind: 'server', guess: 'its command contains a port' };
  if (file !== undefined) return { kind: 'worker', guess: `nothing in ${file} listens on a port` };
  if (runtimes.test(program)) return { kind: 'worker', guess: 'the file that it runs does not exist' };
  // `lite-server`, `gulp serve`
  const isNamedServer = [program, ...rest].some((word) => /(?:^|[-:])serve(?:r)?$/.test(word));
  return isNamedServer
    ? { kind: 'server', guess: `its command is "${command}"` }
    : { kind: 'worker', guess: 'its command does not show that it opens a port' };
}

/** The file that a command runs. */
function findEntry(files: ProjectFiles, from: Package, program: string, words: readonly string[]): string | undefined {
  if (program === 'nest') return findSource(files, from.directory, 'src/main.ts');
  const paths = words.filter((word) => !word.startsWith('-') && !/^(?:run|watch|serve|--)$/.test(word));
  const main = from.main ?? 'index.js';
  const candidates = paths.length === 0 ? [main] : paths.map((path) => (path === '.' ? main : path));
  return candidates.map((path) => findSource(files, from.directory, path)).find((file) => file !== undefined);
}

function judgeTarget(
  files: ProjectFiles,
  { nxProjects }: Workspace,
  { project, name }: { readonly project: string; readonly name: string },
): Verdict {
  const found = nxProjects.find((each) => each.name === project);
  const executor = found?.targets.get(name)?.executor ?? '';
  const command = found?.targets.get(name)?.command;
  if (/storybook/.test(executor))
    return { kind: 'optional', reason: 'it shows components in Storybook', framework: devServer };
  if (/expo|react-native|electron|detox/.test(executor))
    return { kind: 'optional', reason: 'it is not a web application' };
  if (/:(?:dev-server.*|server|serve|file-server|ssr-dev-server|module-federation-dev-server)$/.test(executor)) {
    return { kind: 'server', framework: devServer };
  }
  const framework = command === undefined ? undefined : findFramework(command);
  if (framework !== undefined) return { kind: 'server', framework };
  const entry =
    found && (findSource(files, found.directory, 'src/main') ?? findSource(files, found.directory, 'src/index'));
  const search = entry === undefined ? undefined : findListener(files, entry);
  if (search?.listener !== undefined) {
    const { file, line, call } = search.listener;
    return { kind: 'server', guess: `${file}:${line} contains "${call}"`, search };
  }
  // A plugin of nx derives such targets from the configuration of a dev server.
  if (found !== undefined && /^(?:serve|dev|start)$/.test(name) && executor === '') {
    return { kind: 'server', framework: devServer, guess: `nx has a target "${name}" for ${project}` };
  }
  return { kind: 'worker', guess: `nothing in ${found?.directory ?? project} listens on a port` };
}
