/** A command in the manifest of Candle or of a plugin. */
export interface CompletedCommand {
  readonly summary?: string;
  readonly description?: string;
  readonly hidden?: boolean;
  readonly aliases?: readonly string[];
  readonly hiddenAliases?: readonly string[];
  readonly args: Readonly<Record<string, CompletedArgument>>;
  readonly flags: Readonly<Record<string, CompletedFlag>>;
}

interface CompletedArgument {
  readonly multiple?: boolean;
  readonly options?: readonly string[];
}

interface CompletedFlag {
  readonly type: 'boolean' | 'option';
  readonly char?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly hidden?: boolean;
  readonly multiple?: boolean;
  readonly exclusive?: readonly string[];
  readonly helpValue?: string | readonly string[];
  readonly options?: readonly string[];
}

/** By id, such as `plugins:install`. */
export type CompletedCommands = Readonly<Record<string, CompletedCommand>>;

/** A word that can be typed, and what it means. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** Names that are not in the manifests. */
export type NameSource =
  | 'services'
  | 'services-with-port'
  | 'running-services'
  | 'reservations'
  | 'ports'
  | 'all-ports'
  | 'pages'
  | 'topics'
  | 'plugins';

/** What may be at the cursor. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly sources: readonly NameSource[];
  /** Paths, which the shell completes itself. */
  readonly paths: 'none' | 'directories' | 'files';
  /** The beginning of the word. With `--flag=`, only what is after it. */
  readonly typed: string;
  /** Words that cannot be repeated. */
  readonly used: readonly string[];
  /** The value of `--project`. */
  readonly project: string | undefined;
}

/** What the first argument of a command is, if its name does not say it. */
const argumentsOf: Readonly<Record<string, readonly NameSource[]>> = {
  'add-service': [],
  'get-doc': ['pages'],
  'get-reserved-port': ['reservations'],
  help: ['topics'],
  'open-browser': ['services-with-port'],
  'plugins:install': [],
  'release-ports': ['reservations'],
  send: ['running-services'],
  url: ['services-with-port'],
  'who-has': ['all-ports'],
};

/** What an argument of any command is, by its name. */
const argumentsNamed: Readonly<Record<string, readonly NameSource[]>> = {
  name: ['services'],
  names: ['services'],
  plugin: ['plugins'],
};

/** Flags whose value is a reserved port, and not a port to reserve. */
const reservedPortFlags: readonly string[] = ['kill --port', 'release-ports --port'];

/** The paths that a value is, by the name that help shows for it. */
const pathValues: Readonly<Record<string, Completion['paths']>> = { DIR: 'directories', FILE: 'files' };

/** Flags whose value may be omitted. */
const optionalValues: readonly string[] = ['wait'];

/**
 * Finds what may be at the end of a command line. Pure: the names that it needs are read afterwards.
 * @param words after `candle`; the last one is the word at the cursor, which may be empty
 */
export function completeLine(commands: CompletedCommands, words: readonly string[]): Completion {
  const typed = words.at(-1) ?? '';
  const found = findCommand(commands, words.slice(0, -1));
  const base = { sources: [], paths: 'none', typed, used: [], project: undefined } as const;
  if (found.command === undefined) return { ...base, candidates: listCommands(commands, found.id) };
  const { command, id, rest } = found;
  const { given, pending, flags, project, isAfterDashes } = parseWords(command, rest);
  const nested = given.length === 0 && !isAfterDashes ? listCommands(commands, id) : [];
  if (pending !== undefined) return { ...base, project, ...valuesOf(id, pending, command.flags[pending]) };
  if (!isAfterDashes && typed.startsWith('-')) {
    const [, name, value] = /^--([^=]+)=(.*)$/s.exec(typed) ?? [];
    if (name === undefined || value === undefined) return { ...base, candidates: listFlags(command, flags) };
    return { ...base, project, typed: value, ...valuesOf(id, name, command.flags[name]) };
  }
  // Everything after -- is another command line.
  if (isAfterDashes && id === 'exec') return { ...base, candidates: [], paths: 'files' };
  const argument = argumentAt(command, given.length);
  if (argument === undefined) return { ...base, candidates: [...nested, ...listFlags(command, flags)] };
  const [name, { multiple = false, options = [] }] = argument;
  return {
    ...base,
    candidates: [...nested, ...options.map((value) => ({ value, description: '' }))],
    sources: given.length === 0 || multiple ? (argumentsOf[id] ?? argumentsNamed[name] ?? []) : [],
    paths: name === 'dir' ? 'directories' : 'none',
    used: multiple ? given : [],
    project,
  };
}

/** Candidates that continue the typed word, each once, and none that a shell would show as something else. */
export function matching({ typed, used }: Completion, candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Set(used);
  return candidates.filter(({ value }) => {
    if (!value.startsWith(typed) || seen.has(value) || /\p{Cc}/u.test(value)) return false;
    seen.add(value);
    return true;
  });
}

interface FoundCommand {
  readonly id: string;
  /** Undefined if the words are only the beginning of a command. */
  readonly command: CompletedCommand | undefined;
  readonly rest: readonly string[];
}

/** The id and the aliases of a command, all in the form of ids. */
export function namesOf(id: string, { aliases = [], hiddenAliases = [] }: CompletedCommand): readonly string[] {
  return [id, ...aliases, ...hiddenAliases].map((name) => name.replaceAll(' ', ':'));
}

/** The command with the most words. */
function findCommand(commands: CompletedCommands, words: readonly string[]): FoundCommand {
  const ids = new Map(
    Object.entries(commands).flatMap(([id, command]) => namesOf(id, command).map((name) => [name, id] as const)),
  );
  for (let length = words.length; length > 0; length--) {
    const id = ids.get(words.slice(0, length).join(':'));
    if (id !== undefined) return { id, command: commands[id], rest: words.slice(length) };
  }
  return { id: words.join(':'), command: undefined, rest: [] };
}

/** The next words of commands that begin with the id. Without an id, all first words. */
function listCommands(commands: CompletedCommands, id: string): readonly Candidate[] {
  const start = id === '' ? '' : `${id}:`;
  const next = new Map<string, string>();
  for (const [other, { hidden, summary, description }] of Object.entries(commands)) {
    if (hidden || !other.startsWith(start)) continue;
    const [word = '', ...more] = other.slice(start.length).split(':');
    // The summary of `plugins` and not that of `plugins install`.
    if (more.length === 0 || !next.has(word)) next.set(word, more.length === 0 ? (summary ?? description ?? '') : '');
  }
  return [...next].map(([value, text]) => ({ value, description: firstLine(text) }));
}

/** Reads the words after a command like oclif does. */
function parseWords(command: CompletedCommand, words: readonly string[]) {
  const given: string[] = [];
  const flags = new Set<string>();
  let pending: string | undefined;
  let project: string | undefined;
  let isAfterDashes = false;
  for (const word of words) {
    if (pending !== undefined) {
      if (pending === 'project') project = word;
      pending = undefined;
    } else if (isAfterDashes || !word.startsWith('-') || word === '-') given.push(word);
    else if (word === '--') isAfterDashes = true;
    else {
      const [label = '', ...value] = word.split('=');
      const name = flagOf(command, label);
      flags.add(name);
      if (value.length > 0) {
        if (name === 'project') project = value.join('=');
      } else if (command.flags[name]?.type === 'option' && !optionalValues.includes(name)) pending = name;
    }
  }
  return { given, flags, pending, project, isAfterDashes };
}

/** The name of a flag that is typed as `--all`, `--no-all` or `-a`. */
function flagOf({ flags }: CompletedCommand, label: string): string {
  if (!label.startsWith('--')) return Object.keys(flags).find((name) => `-${flags[name]?.char}` === label) ?? label;
  const name = label.slice(2);
  return flags[name] === undefined && name.startsWith('no-') ? name.slice(3) : name;
}

/** The argument at a position. The last one may be repeated. */
function argumentAt({ args }: CompletedCommand, position: number): [string, CompletedArgument] | undefined {
  const entries = Object.entries(args);
  const last = entries.at(-1);
  return entries[position] ?? (last?.[1].multiple ? last : undefined);
}

function valuesOf(
  id: string,
  name: string,
  flag: CompletedFlag | undefined,
): Pick<Completion, 'candidates' | 'sources' | 'paths'> {
  const parts = [flag?.helpValue ?? []].flat().flatMap((part) => part.split('|'));
  // Help shows a fixed value in lower case (`auto`), and what stands for any value in upper case (`DIR`).
  const values = flag?.options ?? parts.filter((part) => /^[a-z][\w-]*$/.test(part));
  return {
    candidates: values.map((value) => ({ value, description: '' })),
    sources: reservedPortFlags.includes(`${id} --${name}`) ? ['ports'] : [],
    paths: parts.map((part) => pathValues[part]).find((kind) => kind !== undefined) ?? 'none',
  };
}

/** The flags that can still be added. */
function listFlags({ flags }: CompletedCommand, given: ReadonlySet<string>): readonly Candidate[] {
  const open = Object.entries(flags).filter(
    ([name, { hidden, multiple, exclusive = [] }]) =>
      !hidden && (multiple || !given.has(name)) && !exclusive.some((other) => given.has(other)),
  );
  const help = { value: '--help', description: 'Show help.' };
  return [
    ...open.map(([name, { summary, description }]) => ({
      value: `--${name}`,
      description: firstLine(summary ?? description ?? ''),
    })),
    help,
  ];
}

function firstLine(text: string): string {
  return text.split('\n', 1).join('');
}
