/** A directory whose services and ports belong together. */
export interface Project {
  /** Absolute, symbolic links resolved. It may be gone. */
  readonly dir: string;
  /** `new`: neither a `.candle.json` nor a reservation speaks of it yet. */
  readonly foundBy: 'config' | 'database' | 'new';
}

export interface ProjectQuestion {
  /** Where to begin, absolute or relative to the current directory, which it is when left out. */
  readonly dir?: string | undefined;
  /** Whether a directory that nothing speaks of yet may become a project; else it is refused. */
  readonly allowNew?: boolean | undefined;
}
