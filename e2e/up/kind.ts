/** A kind of project that `candle up` is tried with. */
export interface Kind {
  /** How the page names it, with versions. */
  readonly title: string;
  /** Its directory in projects/. If a generator makes the project, only the lockfile is there. */
  readonly project: string;
  /** The command that makes the project in the directory `web`: a package with its version, then arguments. */
  readonly generator?: readonly [string, ...string[]];
  /** Whether its packages come from a registry. Other kinds also run in `npm test`. */
  readonly hasPackages: boolean;
  /** A command that succeeds if what the project needs is installed on the machine, and what that is. */
  readonly needs?: { readonly command: readonly [string, ...string[]]; readonly what: string };
  /** Programs that stand in for real ones come first on PATH. */
  readonly hasStandIns?: true;
  /** The services that `candle up` finds. A `worker` has no port; a `socket` only accepts connections; others answer over HTTP. */
  readonly services: Readonly<Record<string, Service>>;
  /** How many worktrees run besides the first checkout. */
  readonly worktrees: number;
  /** The configuration is not committed, so that a worktree gets a copy. */
  readonly isUntracked?: true;
}

/** What a service does on its port. */
export type Service = 'worker' | 'socket' | Answer;

export interface Answer {
  readonly path: string;
  /** A text that the answer contains. */
  readonly says: (checkout: AnsweringCheckout) => string;
}

export interface AnsweringCheckout {
  readonly dir: string;
  readonly ports: Readonly<Record<string, number | null>>;
}
