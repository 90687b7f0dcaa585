/** A directory whose services and ports belong together. */
export interface Project {
  /** Absolute path with symbolic links resolved. The directory may no longer exist. */
  readonly dir: string;
  /** `new`: it has neither a `.candle.json` nor a reservation yet. */
  readonly foundBy: 'config' | 'database' | 'new';
}

export interface ProjectQuestion {
  /** Directory to start from, absolute or relative to the current directory. Default: the current directory. */
  readonly dir?: string | undefined;
  /** Whether an unknown directory may become a new project. Otherwise it is rejected. */
  readonly allowNew?: boolean | undefined;
}
