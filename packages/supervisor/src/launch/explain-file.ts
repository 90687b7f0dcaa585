import { closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { basename, extname, isAbsolute, resolve } from 'node:path';
import { advise, phrase, program, quote, showPath } from '@candle/core/errors';
import type { EndExplanation } from './errors.ts';
import { isExecutable } from './launch.ts';

/** A file that a command runs as a program. */
export interface ProgramFile {
  readonly kind: 'missing' | 'directory' | 'file';
  readonly isExecutable: boolean;
  /** The program in its first line, with its arguments: `/usr/bin/env node`. */
  readonly interpreter?: string | undefined;
}

export interface FileFacts {
  readonly exitCode: number | null;
  readonly lastLines: readonly string[];
  readonly shell: string;
  readonly script: { readonly text: string } | undefined;
  /** The directory in which the command runs. */
  readonly root: string;
  /** `path` is absolute. */
  readonly lookUp: (path: string) => ProgramFile;
}

/** How shells report that a file cannot be run, and that it cannot be found. */
const notRunnableCode = 126;
const notFoundCode = 127;

/** How shells, and programs such as `env`, report it. `by`: which of them, or the name of a script. */
const fileForms: readonly RegExp[] = [
  /^(?:(?<by>[^\s:]+): )?(?:.*: )?(?:failed to run command )?['‘]?(?<name>[^:'‘’]*\/[^:'‘’]*)['’]?: (?:not found|No such file or directory|Permission denied|Is a directory|cannot execute: required file not found)$/,
  /^(?<by>zsh):\d+: (?:no such file or directory|permission denied): (?<name>\S*\/\S*)$/,
  /^(?<by>\w+): (?:line \d+: )?(?<name>[^:]*\/[^:]*): [^:]+: bad interpreter: No such file or directory$/,
];

/** A script may have changed the directory. */
const programForm = /^(?:\/\S+\/)?\w*$/;

/** A program that the command names by its path, and that cannot be run. Pure. */
export function explainFile(facts: FileFacts): EndExplanation | undefined {
  const { exitCode, lastLines, shell, script, root, lookUp } = facts;
  if (exitCode !== notRunnableCode && exitCode !== notFoundCode) return undefined;
  const { name, by = '' } =
    fileForms.map((form) => lastMatch(lastLines, form)).find((groups) => groups.name !== undefined) ?? {};
  if (name === undefined) return undefined;
  // Of another directory, nothing is known.
  const isElsewhere = [shell, script?.text ?? ''].some((text) => /(?:^|[\s;&|(])(?:cd|pushd)\s/.test(text));
  if (isElsewhere && !isAbsolute(name)) return undefined;
  const path = resolve(root, name);
  const file = lookUp(path);
  if (file.kind === 'missing') return programForm.test(by) ? explainMissingFile(name, root) : undefined;
  if (file.kind === 'directory') {
    return { cause: `${quote(name)} is a directory`, advice: ['Write the path of a program in the command'] };
  }
  if (exitCode === notRunnableCode) return file.isExecutable ? undefined : explainMode({ name, path, ...file });
  return explainInterpreter(name, file, lookUp);
}

function explainMissingFile(name: string, root: string): EndExplanation {
  if (isAbsolute(name))
    return { cause: `There is no file ${quote(name)}`, advice: ['Correct the path in the command'] };
  return {
    cause: `There is no file ${quote(name)} in ${showPath(root)}, the directory in which the command runs`,
    advice: ['Correct the path in the command, or run it in another directory ("root" of the service)'],
  };
}

const interpreters: Readonly<Record<string, string>> = {
  ...{ '.js': 'node', '.mjs': 'node', '.cjs': 'node', '.py': 'python3', '.rb': 'ruby', '.pl': 'perl', '.php': 'php' },
  ...{ '.sh': 'sh', '.bash': 'bash', '.zsh': 'zsh' },
};

function explainMode({
  name,
  path,
  interpreter,
}: Pick<ProgramFile, 'interpreter'> & { readonly name: string; readonly path: string }): EndExplanation {
  const [first = '', ...words] = interpreter?.trim().split(/\s+/) ?? [];
  const ofEnv = words.find((word) => !/^-|=/.test(word));
  const runner = interpreter === undefined ? interpreters[extname(name)] : basename(first) === 'env' ? ofEnv : first;
  const run = runner && phrase('Or write ', { command: program(runner, name) }, ` instead of ${name} in the command`);
  const chmod = advise('To make it executable', program('chmod', '+x', path));
  return { cause: `${quote(name)} is not executable`, advice: [chmod, ...(run ? [run] : [])] };
}

/** A file that exists, although the system has not found something. */
function explainInterpreter(
  name: string,
  { interpreter }: ProgramFile,
  lookUp: FileFacts['lookUp'],
): EndExplanation | undefined {
  if (interpreter === undefined) {
    const cause = `${quote(name)} was built for another system: this one does not have the loader that it needs`;
    return { cause, advice: ['Build or install it for this system'] };
  }
  if (interpreter.endsWith('\r')) return explainLineEndings(quote(name), interpreter.trimEnd());
  const [needed = ''] = interpreter.split(/\s+/);
  if (lookUp(needed).kind !== 'missing') return undefined;
  return {
    cause: `The first line of ${quote(name)} mentions the program ${quote(needed)}, which does not exist`,
    advice: [`Install ${quote(needed)}, or correct the first line of ${quote(name)}`],
  };
}

/** The system takes the carriage return for a part of the name. */
export function explainLineEndings(what: string, interpreter: string): EndExplanation {
  return {
    cause: `The lines of ${what} end as on Windows, so the system looks for ${quote(`${interpreter}\\r`)} instead of ${quote(interpreter)}`,
    advice: ['Convert its line endings from CRLF to LF'],
  };
}

/** The groups of the last line that matches, and that is accepted; empty if there is none. */
export function lastMatch(
  lastLines: readonly string[],
  form: RegExp,
  accepts: (groups: Partial<Record<string, string>>) => boolean = () => true,
): Partial<Record<string, string>> {
  const matches = lastLines.flatMap((line): Partial<Record<string, string>>[] => {
    const groups = form.exec(line.trim())?.groups;
    return groups === undefined ? [] : [groups];
  });
  return matches.findLast(accepts) ?? {};
}

/** Longer than any first line that the system accepts. Bytes. */
const maxFirstLine = 256;

export function readProgramFile(path: string): ProgramFile {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { kind: 'missing', isExecutable: false };
  if (!stats.isFile()) return { kind: stats.isDirectory() ? 'directory' : 'file', isExecutable: true };
  return { kind: 'file', isExecutable: isExecutable(path), interpreter: readInterpreter(path) };
}

/** Undefined if the file has no such line, or cannot be read. */
function readInterpreter(path: string): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const bytes = Buffer.alloc(maxFirstLine);
    const text = bytes.toString('utf8', 0, readSync(fd, bytes));
    return /^#![ \t]*([^\n]+)/.exec(text)?.[1];
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
