import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { advise, CandleError, candle, program, quote, shellWord, showPath } from '@candle/core/errors';
import { describeWriteProblem, makeDirectories, writeProblemOf } from '@candle/core/system';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** Where the completion of a shell is installed. */
export interface CompletionFiles {
  readonly shell: Shell;
  /** The program that completes. */
  readonly script: string;
  /** The startup file that has to load it; undefined if the shell finds the program by itself. */
  readonly startup: string | undefined;
}

interface Caller {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Of `process`. */
  readonly platform: string;
  /** Whether bash loads the package bash-completion, which finds the program by itself. */
  readonly hasBashCompletion: boolean;
}

/** @throws ShellUnknownError */
export function getShell(shellVariable: string | undefined): Shell {
  const name = shellVariable?.split('/').at(-1);
  const shell = shells.find((known) => known === name);
  if (shell === undefined) throw new ShellUnknownError(shellVariable);
  return shell;
}

/** Pure. Like the shells and their specification, ignores relative paths in variables. */
export function completionFiles(shell: Shell, { env, home, platform, hasBashCompletion }: Caller): CompletionFiles {
  const directory = (variable: string, otherwise: string) => {
    const value = env[variable];
    return value !== undefined && isAbsolute(value) ? value : otherwise;
  };
  const data = directory('XDG_DATA_HOME', join(home, '.local', 'share'));
  switch (shell) {
    case 'bash': {
      const user = directory('BASH_COMPLETION_USER_DIR', join(data, 'bash-completion'));
      const startup = hasBashCompletion ? undefined : bashStartupFile(home, platform);
      return { shell, script: join(user, 'completions', 'candle'), startup };
    }
    case 'zsh':
      return {
        shell,
        script: join(data, 'zsh', 'site-functions', '_candle'),
        startup: join(directory('ZDOTDIR', home), '.zshrc'),
      };
    case 'fish': {
      const config = directory('XDG_CONFIG_HOME', join(home, '.config'));
      return { shell, script: join(config, 'fish', 'completions', 'candle.fish'), startup: undefined };
    }
  }
}

/** Terminals of macOS start login shells, which do not read `.bashrc`. */
function bashStartupFile(home: string, platform: string): string {
  return join(home, platform === 'darwin' ? '.bash_profile' : '.bashrc');
}

/** Startup files in which distributions load bash-completion. Where there is /etc/bashrc, it reads /etc/profile.d too. */
function systemStartupFiles(): readonly string[] {
  return existsSync('/etc/bashrc') ? ['/etc/bashrc', '/etc/profile.d/bash_completion.sh'] : ['/etc/bash.bashrc'];
}

/** Whether a startup file of bash has a line with the path of an existing bash-completion. */
export function loadsBashCompletion({ home, platform }: Pick<Caller, 'home' | 'platform'>): boolean {
  return [bashStartupFile(home, platform), ...systemStartupFiles()].some((file) => {
    const paths = readIfThere(file).matchAll(/^[^#\n]*?(\/[^\s'";]*bash_completion(?:\.sh)?)(?=[\s'";]|$)/gm);
    return [...paths].some(([, path]) => path !== undefined && existsSync(path));
  });
}

/** What happened to a file. */
export interface FileChange {
  readonly path: string;
  readonly change: 'written' | 'lines added' | 'lines replaced' | 'deleted' | 'lines removed';
}

/**
 * Installs the completion, or brings it up to date. Returns the files that had to change.
 * @throws CompletionFileForeignError, CompletionLinesChangedError, CompletionNotWritableError
 */
export function installCompletion({ shell, script, startup }: CompletionFiles, text: string): readonly FileChange[] {
  const changes: FileChange[] = [];
  const present = readIfThere(script);
  const wanted = asBytes(text);
  if (present !== '' && !present.includes(mark)) throw new CompletionFileForeignError(script, shell);
  // Before anything is written, because the startup file may be unclear.
  const before = startup === undefined ? '' : readIfThere(startup);
  const isCreated = startup !== undefined && (before.includes(createdLine) || !existsSync(startup));
  const after =
    startup === undefined ? '' : withLines(before, asBytes(startupLines(shell, script, isCreated)), startup);
  if (present !== wanted) {
    replaceFile(script, wanted);
    changes.push({ path: script, change: 'written' });
  }
  if (startup !== undefined && after !== before) {
    replaceFile(startup, after);
    changes.push({ path: startup, change: before.includes(firstLine) ? 'lines replaced' : 'lines added' });
  }
  return changes;
}

/** Removes what `installCompletion` has added, and nothing else. Returns the files that had to change. */
export function uninstallCompletion({ script, startup }: CompletionFiles): readonly FileChange[] {
  const changes: FileChange[] = [];
  const before = startup === undefined ? '' : readIfThere(startup);
  const after = startup === undefined ? '' : withLines(before, '', startup);
  if (startup !== undefined && after === '' && before.includes(createdLine)) {
    writing(startup, () => rmSync(startup));
    changes.push({ path: startup, change: 'deleted' });
  } else if (startup !== undefined && after !== before) {
    replaceFile(startup, after);
    changes.push({ path: startup, change: 'lines removed' });
  }
  if (readIfThere(script).includes(mark)) {
    writing(script, () => rmSync(script));
    changes.push({ path: script, change: 'deleted' });
  }
  return changes;
}

/** In a comment of each program, and before the lines in a startup file. */
export const mark = 'Written by `candle completion install`';
const firstLine = '# >>> candle completion >>>';
const lastLine = '# <<< candle completion <<<';

/** Among the lines in a startup file that did not exist before. */
const createdLine = '# The installation has created this file.\n';

/** A shell without the program starts as usual. */
function startupLines(shell: Shell, script: string, isCreated: boolean): string {
  const path = shellWord(script);
  const prepare = shell === 'zsh' ? '\n  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }' : '';
  return `${firstLine}
# ${mark}; \`candle completion uninstall ${shell}\` removes these lines.
${isCreated ? createdLine : ''}if [[ -r ${path} ]]; then${prepare}
  source ${path}
fi
${lastLine}
`;
}

/**
 * The text with these lines in place of those that an earlier installation has added, or at the end. Pure.
 * @throws CompletionLinesChangedError if the line that begins or ends them is missing
 */
export function withLines(text: string, lines: string, path: string): string {
  const parts = text.split(/^# >>> candle completion >>>\n[\s\S]*?^# <<< candle completion <<<(?:\n|$)/m);
  if (parts.some((part) => part.includes(firstLine) || part.includes(lastLine)))
    throw new CompletionLinesChangedError(path);
  const [before = '', ...after] = parts;
  if (after.length > 0) return before + lines + after.join('');
  return before === '' || before.endsWith('\n') || lines === '' ? before + lines : `${before}\n${lines}`;
}

/** The text of a file, with one character for each byte, so that writing it changes none, whatever their encoding is. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw new CompletionNotWritableError(path, error);
  }
}

function asBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Replaces a file as a whole, so that no shell reads a part of it. A symbolic link, a mode and an owner stay. */
function replaceFile(path: string, text: string): void {
  writing(path, () => {
    makeDirectories(dirname(path));
    const present = statSync(path, { throwIfNoEntry: false });
    const target = present === undefined ? path : realpathSync(path);
    if (present !== undefined) accessSync(target, constants.W_OK);
    const draft = `${target}.candle-${process.pid}`;
    try {
      writeFileSync(draft, text, { encoding: 'latin1', flag: 'wx', mode: (present?.mode ?? 0o644) & 0o777 });
      if (present !== undefined && present.uid !== process.geteuid?.()) chownSync(draft, present.uid, present.gid);
      renameSync(draft, target);
    } finally {
      rmSync(draft, { force: true });
    }
  });
}

function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new CompletionNotWritableError(path, error);
  }
}

export class ShellUnknownError extends CandleError {
  static readonly code = 'COMPLETION_SHELL_UNKNOWN';
  static example() {
    return new ShellUnknownError('/usr/bin/nu');
  }

  constructor(shellVariable: string | undefined) {
    super({
      message: shellVariable
        ? `Candle has no completion for your shell: SHELL is ${quote(shellVariable)}`
        : 'Candle does not know which shell you use, because SHELL is not set',
      hint: advise('Write its name: bash, zsh or fish. For example', candle('completion', 'install', 'bash')),
      details: { shell: shellVariable ?? null, known: shells },
    });
  }
}

const exampleHome = '/home/ada';

export class CompletionFileForeignError extends CandleError {
  static readonly code = 'COMPLETION_FILE_FOREIGN';
  static example() {
    return new CompletionFileForeignError(`${exampleHome}/.config/fish/completions/candle.fish`, 'fish');
  }

  constructor(path: string, shell: Shell) {
    super({
      message: `${showPath(path)} exists, and Candle has not written it`,
      hint: advise('Move the file away, then', candle('completion', 'install', shell)),
      details: { path },
    });
  }
}

export class CompletionLinesChangedError extends CandleError {
  static readonly code = 'COMPLETION_LINES_CHANGED';
  static example() {
    return new CompletionLinesChangedError(`${exampleHome}/.zshrc`);
  }

  constructor(path: string) {
    super({
      message: `${showPath(path)} contains lines of the completion of candle that have been changed`,
      hint: `Delete the lines from '${firstLine}' to '${lastLine}' in your editor`,
      details: { path },
    });
  }
}

export class CompletionNotWritableError extends CandleError {
  static readonly code = 'COMPLETION_NOT_WRITABLE';
  static example() {
    return new CompletionNotWritableError(`${exampleHome}/.zshrc`, 'EACCES');
  }

  constructor(path: string, cause: unknown) {
    const problem = writeProblemOf(cause);
    const known = problem === undefined ? undefined : describeWriteProblem(problem);
    super({
      message: `${showPath(path)} cannot be changed: ${known?.reason ?? (cause instanceof Error ? cause.message : String(cause))}`,
      hint: known?.fix(path) ?? advise('To see who may change it', program('ls', '-ld', path)),
      details: { path },
      cause,
    });
  }
}
