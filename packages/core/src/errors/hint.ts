import { shellWord } from './quote.ts';

/** Programs with their arguments. Each one runs only if the one before it has succeeded. */
export type Command = readonly (readonly string[])[];

/** A command to run, and its purpose: "To start it". */
export interface Advice {
  readonly purpose: string;
  readonly command: Command;
}

/** A command within a sentence. */
interface NamedCommand {
  readonly command: Command;
  readonly purpose?: undefined;
}

/** A flag of a command, to set or to omit: `--project DIR`. */
interface Option {
  readonly option: string;
  readonly value?: string | undefined;
  readonly purpose?: string | undefined;
}

/** An instruction, and a command that follows it: `candle logs -n 100`. */
interface Example {
  readonly instruction: string;
  readonly example: Command;
}

interface Joined {
  readonly parts: readonly Hint[];
  readonly separator: string;
}

/** Further lines of the hint begin with two spaces. */
interface Indented {
  readonly indented: Hint;
}

/** What to do next. Commands and options stay apart from the text, because each front end writes them in its own way. */
export type Hint = string | Advice | NamedCommand | Option | Example | Joined | Indented;

/** A command of Candle itself. */
export function candle(...args: readonly string[]): Command {
  return [['candle', ...args]];
}

/** A command of the system. */
export function program(...argv: readonly string[]): Command {
  return [argv];
}

/** Runs the second command if the first one has succeeded. */
export function andThen(first: Command, second: Command): Command {
  return [...first, ...second];
}

/** @param purpose as text before a colon: "To start it" */
export function advise(purpose: string, command: Command): Advice {
  return { purpose, command };
}

/** Each part on its own line. */
export function lines(...parts: readonly Hint[]): Hint {
  return { parts, separator: '\n' };
}

/** The parts as sentences on one line. */
export function sentences(...parts: readonly Hint[]): Hint {
  return { parts, separator: '. ' };
}

/** The parts as one sentence. */
export function phrase(...parts: readonly Hint[]): Hint {
  return { parts, separator: '' };
}

/** Renders a hint for a terminal, with commands to paste. */
export function renderHint(hint: Hint): string {
  if (typeof hint === 'string') return hint;
  if ('parts' in hint) return hint.parts.map(renderHint).join(hint.separator);
  if ('indented' in hint) return renderHint(hint.indented).replaceAll('\n', '\n  ');
  if ('example' in hint) return `${hint.instruction}: ${renderCommand(hint.example)}`;
  const words =
    'option' in hint ? `--${[hint.option, hint.value].filter(Boolean).join(' ')}` : renderCommand(hint.command);
  return hint.purpose === undefined ? words : `${hint.purpose}: ${words}`;
}

/** A command to paste into a shell. */
export function renderCommand(command: Command): string {
  return command.map((argv) => argv.map(commandWord).join(' ')).join(' && ');
}

/** Every shell reads a flag literally. An ellipsis stands for words that the user adds. */
function commandWord(word: string): string {
  return /^(-[\w-]*|…)$/.test(word) ? word : shellWord(word);
}

/** The commands that a hint suggests. */
export function commandsIn(hint: Hint): readonly Command[] {
  if (typeof hint === 'string' || 'option' in hint) return [];
  if ('parts' in hint) return hint.parts.flatMap(commandsIn);
  if ('indented' in hint) return commandsIn(hint.indented);
  return ['example' in hint ? hint.example : hint.command];
}
