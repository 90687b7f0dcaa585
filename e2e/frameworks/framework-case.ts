/** One way to write a service of a project, and what is expected of it. */
export interface Attempt {
  /** The command of the service. */
  readonly shell: string;
  /** What that runs in the end, where the command does not say it. */
  readonly runs?: string;
  /** Files of the project that are written before, and what the page says of them. */
  readonly changed?: { readonly files: Readonly<Record<string, string>>; readonly inWords: string };
  /** Part of what Candle has said of the first attempt, and what is done here. */
  readonly advised?: string;
  /** Fields of the service in `.candle.json` beside its name, command and port. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Another program takes its number before it listens; it waits for the file `built` of its project. */
  readonly isOvertaken?: true;
  /** Where it listens. Unless it is overtaken, while nobody else listens anywhere. */
  readonly listensOn: 'reserved' | 'nothing' | number;
  /** What it does when another program has that number: it ends, or listens on the number that is so many further on. */
  readonly whenTaken?: 'ends' | number;
}

/** A project of projects/, with what Candle makes of it as it is, and then with the remedy. */
export interface FrameworkCase {
  readonly name: string;
  readonly project: string;
  /** The package whose version the page names. */
  readonly dependency?: string;
  /** A program that the machine must have. */
  readonly needs?: string;
  readonly attempts: readonly Attempt[];
}
