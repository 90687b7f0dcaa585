import { quoteWord } from '../source.ts';
import type { Package } from './package-json.ts';
import type { Word } from './shell-line.ts';
import { selectPackages, type Workspace } from './workspace.ts';
import { matchesText } from './workspace-patterns.ts';
import { optionValue } from './wrappers.ts';

/** What a command starts that only starts other commands. */
export type FanOut =
  /** Scripts of the same package, or commands. */
  | { readonly kind: 'commands'; readonly commands: readonly LabelledCommand[]; readonly before: readonly string[] }
  /** A script of several packages. */
  | { readonly kind: 'packages'; readonly script: string; readonly packages: readonly Package[] };

export interface LabelledCommand {
  readonly label?: string;
  readonly shell: string;
}

/** Options of concurrently that have a value. */
const optionsWithValue =
  /^(?:-n|--names|--name-separator|-c|--prefix-colors|-p|--prefix|-l|--prefix-length|-t|--timestamp-format|-s|--success|-m|--max-processes|--restart-tries|--restart-after|--kill-signal|--hide|--teardown)$/;

export function findFanOut(workspace: Workspace, from: Package, words: readonly Word[]): FanOut | undefined {
  const [{ text: program = '' } = {}, ...rest] = words;
  switch (program) {
    case 'concurrently':
    case 'conc':
      return concurrent(from, rest);
    case 'run-p':
    case 'run-s':
    case 'npm-run-all':
    case 'npm-run-all2':
      return runAll(from, rest, program === 'run-p');
    case 'turbo':
      return turbo(workspace, rest);
    case 'nx':
      return nxRunMany(workspace, rest);
    default:
      return undefined;
  }
}

/** `concurrently -n api,web "npm:dev:*" "vite"`. */
function concurrent(from: Package, words: readonly Word[]): FanOut {
  const commands = positionalsOf(words).flatMap((command): readonly LabelledCommand[] => {
    const [, manager, script] = /^(npm|pnpm|yarn|bun|node|deno):([^\s]+)(?:\s.*)?$/s.exec(command) ?? [];
    if (manager === undefined || script === undefined) return [{ shell: command }];
    return matchingScripts(from, script, '*').map((each) => ({ shell: runScript(each) }));
  });
  const names = optionValue(words, /^(?:-n|--names)$/);
  const labels = names?.split(',').map((name) => name.trim()) ?? [];
  return {
    kind: 'commands',
    before: [],
    commands: commands.map((command, at) => {
      const label = labels.length === commands.length ? labels[at] : undefined;
      return label ? { ...command, label } : command;
    }),
  };
}

/** `npm-run-all clean --parallel dev:*`, `run-p dev:api dev:web`, `run-s build start`. */
function runAll(from: Package, words: readonly Word[], isRunParallel: boolean): FanOut {
  let isParallel = isRunParallel;
  const groups: { readonly isParallel: boolean; readonly commands: LabelledCommand[] }[] = [];
  for (const { text } of words.filter((_, at) => words[at - 1]?.text !== '--max-parallel')) {
    if (/^(?:-p|--parallel|-s|--sequential|--serial)$/.test(text)) {
      isParallel = !text.includes('s') || text === '--parallel';
      groups.push({ isParallel, commands: [] });
    } else if (!text.startsWith('-')) {
      if (groups.length === 0) groups.push({ isParallel, commands: [] });
      // A script may have arguments, as in "build -- --watch".
      const [script = '', ...args] = text.split(' ');
      const commands = matchingScripts(from, script, ':').map((each) => ({
        shell: [runScript(each), ...args].join(' '),
      }));
      groups.at(-1)?.commands.push(...commands);
    }
  }
  const last = groups.filter(({ commands }) => commands.length > 0).at(-1);
  const earlier = groups.filter((group) => group !== last).flatMap(({ commands }) => commands);
  const running = last === undefined ? [] : last.isParallel ? last.commands : last.commands.slice(-1);
  const finished = last === undefined || last.isParallel ? [] : last.commands.slice(0, -1);
  return { kind: 'commands', commands: running, before: [...earlier, ...finished].map(({ shell }) => shell) };
}

/** `turbo run dev --filter=web`, `turbo dev`, `turbo watch dev -F web`. */
function turbo(workspace: Workspace, words: readonly Word[]): FanOut | undefined {
  const filters: string[] = [];
  const tasks: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const text = words[at]?.text ?? '';
    if (text === '--') break;
    const [, filter] = /^(?:--filter|--scope|-F)=(.*)$/s.exec(text) ?? [];
    if (filter !== undefined) filters.push(filter);
    else if (/^(?:-F|--filter)$/.test(text)) {
      at += 1;
      filters.push(words[at]?.text ?? '');
    } else if (/^--(?:concurrency|env-mode|log-order|output-logs|cwd|ui)$/.test(text)) at += 1;
    else if (!text.startsWith('-') && !(tasks.length === 0 && /^(?:run|watch)$/.test(text))) tasks.push(text);
  }
  const [task] = tasks;
  if (task === undefined) return undefined;
  // The root would start itself again.
  const candidates = selectPackages(workspace, filters).filter((each) => each !== workspace.root);
  const [, only, script = task] = /^(.+)#(.+)$/.exec(task) ?? [];
  const packages = candidates.filter(
    ({ scripts, name }) => scripts.has(script) && (only === undefined || name === only),
  );
  return { kind: 'packages', script, packages };
}

/** `nx run-many -t serve -p api web`, as one command for each project. */
function nxRunMany(workspace: Workspace, words: readonly Word[]): FanOut | undefined {
  const [verb, ...rest] = words.map(({ text }) => text);
  if (verb !== 'run-many') return undefined;
  const targets = valuesOf(rest, /^(?:-t|--targets?)$/);
  const projects = valuesOf(rest, /^(?:-p|--projects)$/);
  const [target] = targets;
  if (target === undefined) return undefined;
  const commands = workspace.nxProjects
    .filter((each) => each.targets.has(target) || each.found?.scripts.has(target))
    .filter(({ name }) => projects.length === 0 || projects.some((project) => matchesText(name, project)))
    .map(({ name }) => ({ shell: `nx run ${name}:${target}` }));
  return { kind: 'commands', commands, before: [] };
}

function valuesOf(words: readonly string[], option: RegExp): readonly string[] {
  const values: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const [, name = words[at] ?? '', value] = /^(--?[^=]*)=(.*)$/s.exec(words[at] ?? '') ?? [];
    if (option.test(name)) {
      if (value !== undefined) values.push(...value.split(','));
      else
        while (words[at + 1] !== undefined && !words[at + 1]?.startsWith('-'))
          values.push(...(words[++at] ?? '').split(','));
    }
  }
  return values.filter((value) => value !== '');
}

function positionalsOf(words: readonly Word[]): readonly string[] {
  return words
    .filter(({ text }, at) => !text.startsWith('-') && !optionsWithValue.test(words[at - 1]?.text ?? ''))
    .map(({ text }) => text);
}

/** The scripts that a pattern such as `dev:*` matches. For npm-run-all, a `*` does not match a colon. */
function matchingScripts({ scripts }: Package, pattern: string, separator: '*' | ':'): readonly string[] {
  const plain = pattern.replace(/\(.*$/, '');
  if (!plain.includes('*')) return scripts.has(plain) ? [plain] : [];
  const colons = (text: string) => text.split(':').length;
  return [...scripts.keys()].filter(
    (name) =>
      matchesText(name, plain.replaceAll(/\*+/g, '*')) &&
      (separator === '*' || plain.includes('**') || colons(name) === colons(plain)),
  );
}

/** A command that runs a script, in a form that every package manager understands. */
function runScript(script: string): string {
  return `npm run ${quoteWord(script)}`;
}
