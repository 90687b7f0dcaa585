/** One way to configure the service of a project, and the expected result. */
export interface Attempt {
  /** The command of the service. */
  readonly shell: string;
  /** The command that this runs in the end, if the shell command does not show it. */
  readonly runs?: string;
  /** Project files that are written first, and how the page describes the change. */
  readonly changed?: { readonly files: Readonly<Record<string, string>>; readonly inWords: string };
  /** Part of Candle's message about the first attempt: the advice that this attempt follows. */
  readonly advised?: string;
  /** Fields of the service in `.candle.json`, in addition to its name, command and port. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Another program takes the port before the service listens, which waits for the file `built` in its project. */
  readonly isOvertaken?: true;
  /** Where the service listens. Unless `isOvertaken` is set, no other program listens anywhere. */
  readonly listensOn: 'reserved' | 'nothing' | number;
  /** What it does if another program uses that port: it exits, or listens on the port that is this many higher. */
  readonly whenTaken?: 'ends' | number;
}

/** What a browser must show if it opens the service under its host name. */
export interface PageCheck {
  /** Text of the page. */
  readonly shows: string;
  /** The page has a button with the text `Count: 0`, which its scripts make count. */
  readonly counts?: true;
  /** A file whose text `shows` is changed while the page is open, which then shows the new text. */
  readonly edited?: string;
  /** The framework rejects requests of the page's scripts unless these files allow the host name. */
  readonly allowedBy?: NonNullable<Attempt['changed']>;
}

/** A directory in projects/, tried unchanged first and then with fixes. */
export interface FrameworkCase {
  readonly name: string;
  readonly project: string;
  /** The package whose version the page shows. */
  readonly dependency?: string;
  /** A program that must be installed on the machine. */
  readonly needs?: string;
  readonly attempts: readonly Attempt[];
  /** How its page is checked; omitted for a program that has none. The last command that listens on the reserved port starts it. */
  readonly page?: PageCheck;
  /** The page has a form to log in, and is tried in two worktrees at once. */
  readonly hasLogin?: true;
}
