import { type Word, wordsIn } from './shell-line.ts';

/** A command without the programs that only prepare its environment. */
export interface Unwrapped {
  readonly words: readonly Word[];
  /** The variables that the command line sets. */
  readonly assigned: ReadonlyMap<string, string>;
  /** A shell line that the program gets as one argument, as in `nodemon --exec "…"`; arguments cannot be appended to it. */
  readonly nested?: string;
}

/** Programs whose arguments are a command, as in `cross-env A=1 vite`. */
const prefixes = /^(?:cross-env|env|exec|time|nice|sudo|command|nohup|corepack)$/;

/** `dotenv -e .env -- vite`, and the same without the dashes. */
const environmentLoaders = /^(?:dotenv|dotenv-cli|dotenv-flow|env-cmd)$/;

/** `doppler run -- vite`. */
const environmentServices = /^(?:dotenvx|doppler|infisical|op|varlock|phase|teller|chamber)$/;

/** `npx vite`, `pnpm exec vite`. */
const executors: Readonly<Record<string, RegExp>> = {
  npm: /^(?:exec|x)$/,
  pnpm: /^(?:exec|dlx)$/,
  yarn: /^(?:exec|dlx)$/,
  bun: /^x$/,
};

/** Options of the programs above that have a value. */
const optionsWithValue =
  /^(?:-e|-f|-c|-p|-v|-r|--file|--environments|--package|--env-file|--config|--project|--path|--env)$/;

/** Programs that start another one whenever files have changed, and the option that contains its command. */
const restarters: Readonly<Record<string, RegExp>> = {
  nodemon: /^(?:-x|--exec)$/,
  'tsc-watch': /^--onSuccess$/,
  tsup: /^--onSuccess$/,
  tsdown: /^--on-success$/,
  sh: /^-c$/,
  bash: /^-c$/,
};

export function unwrap(command: string): Unwrapped {
  const assigned = new Map<string, string>();
  let words = wordsIn(command);
  for (;;) {
    const [{ text: program = '' } = {}, ...rest] = words;
    const [, variable, value] = /^(\w+)=(.*)$/s.exec(program) ?? [];
    if (variable !== undefined) {
      assigned.set(variable, value ?? '');
      words = rest;
    } else {
      const inner = contentOf(program, rest);
      if (inner === undefined || inner.length === 0) break;
      words = inner;
    }
  }
  const [{ text: program = '' } = {}, ...rest] = words;
  const option = restarters[program];
  const nested = option && nestedCommand(program, rest, option);
  return { words, assigned, ...(nested === undefined ? {} : { nested }) };
}

function nestedCommand(program: string, rest: readonly Word[], option: RegExp): string | undefined {
  const command = optionValue(rest, option);
  // nodemon appends its own arguments, as in `nodemon --watch src --exec tsx server.ts`.
  const script = program === 'nodemon' ? scriptOf(rest) : [];
  return command === undefined ? undefined : [command, ...script].join(' ');
}

const nodemonOptionsWithValue = /^(?:-[xweids]|--(?:exec|watch|ext|ignore|delay|config|cwd|signal))$/;

/** The file that nodemon runs, with its arguments. */
function scriptOf(words: readonly Word[]): readonly string[] {
  const at = words.findIndex(
    ({ text }, index) => !text.startsWith('-') && !nodemonOptionsWithValue.test(words[index - 1]?.text ?? ''),
  );
  return at < 0 ? [] : words.slice(at).map(({ raw }) => raw);
}

/** The words of the command that the program runs; undefined if it is not one that only prepares. */
function contentOf(program: string, rest: readonly Word[]): readonly Word[] | undefined {
  if (program === 'cross-env-shell') return inShell(withoutOptions(rest));
  if (prefixes.test(program)) return withoutOptions(rest);
  if (environmentLoaders.test(program)) return afterDashes(rest) ?? withoutOptions(rest);
  if (environmentServices.test(program) && rest[0]?.text === 'run')
    return afterDashes(rest) ?? withoutOptions(rest.slice(1));
  if (/^(?:npx|bunx|pnpx)$/.test(program)) return withoutOptions(rest);
  if (rest[0] !== undefined && executors[program]?.test(rest[0].text)) return withoutOptions(rest.slice(1));
  return undefined;
}

/** The words of a command that may be written as one word, as in `cross-env-shell A=1 "vite --host"`. */
function inShell(words: readonly Word[]): readonly Word[] {
  return words.flatMap((word) => (word.raw === word.text ? [word] : wordsIn(word.text)));
}

function afterDashes(words: readonly Word[]): readonly Word[] | undefined {
  const at = words.findIndex(({ text }) => text === '--');
  return at < 0 ? undefined : words.slice(at + 1);
}

function withoutOptions(words: readonly Word[]): readonly Word[] {
  let at = 0;
  while (words[at]?.text.startsWith('-')) at += optionsWithValue.test(words[at]?.text ?? '') ? 2 : 1;
  return words.slice(at);
}

/** The value of an option, as in `--exec "npm start"` and `--exec=true`. */
export function optionValue(words: readonly Word[], option: RegExp): string | undefined {
  for (const [at, { text }] of words.entries()) {
    const [, name = text, value] = /^(-[^=]*)=(.*)$/s.exec(text) ?? [];
    if (option.test(name)) return value ?? words[at + 1]?.text;
  }
  return undefined;
}
