/** A program that is known to get its port in a certain way. */
export interface Framework {
  readonly name: string;
  /** Matches the result of `programIn`: the name of the program and its arguments. */
  readonly program: RegExp;
  /** The predicate of a sentence about it: why setting PORT alone is not enough. */
  readonly why: string;
  /** The flag that its command needs. */
  readonly flag?: string;
  /** Matches the part of its command that sets a port now, which the flag replaces. */
  readonly given?: RegExp;
  /** The part of its command that the flag has to follow directly; at the end, it would be passed to another program. */
  readonly flagAfter?: RegExp;
  /** The variable that it reads instead of PORT. */
  readonly variable?: string;
}

export const readsNone = 'does not read PORT';
export const flagWins = 'reads PORT only if neither its command nor its configuration sets a port';

/** `--port 3000`, `--port=3000`, `-p 3000`, `-p3000`. */
export function option(...names: readonly string[]): RegExp {
  return new RegExp(` (?:${names.join('|')})(?:=| +|(?=\\d))(?:\\d+|"?\\$\\{?\\w+[^ ]*)`);
}

export const port = option('--port', '-p');
export const longPort = option('--port');
