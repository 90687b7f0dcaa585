/** A program whose way to its port is known. */
export interface Framework {
  readonly name: string;
  /** Recognises the text of `programIn`: the program's own name and its arguments. */
  readonly program: RegExp;
  /** The rest of a sentence about it: why a reserved port in PORT alone does not reach it. */
  readonly why: string;
  /** What its command needs. */
  readonly flag?: string;
  /** What in its command names a port now, and is to be replaced by the flag. */
  readonly given?: RegExp;
  /** The variable that it reads instead of PORT. */
  readonly variable?: string;
}

export const readsNone = 'does not read PORT';
export const flagWins = 'reads PORT only when neither its command nor its configuration names a port';

/** `--port 3000`, `--port=3000`, `-p 3000`, `-p3000`. */
export function option(...names: readonly string[]): RegExp {
  return new RegExp(` (?:${names.join('|')})(?:=| +|(?=\\d))(?:\\d+|"?\\$\\{?\\w+[^ ]*)`);
}

export const port = option('--port', '-p');
export const longPort = option('--port');
