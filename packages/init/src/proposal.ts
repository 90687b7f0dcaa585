/** A place in a file of the project. */
export interface Place {
  /** Relative to the project, with `/`. */
  readonly file: string;
  /** From 1; absent if the whole file is meant. */
  readonly line?: number;
}

/** A service as it is written into the configuration. */
export interface WrittenService {
  readonly name: string;
  readonly shell: string;
  /** Relative to the project; absent for the project directory itself. */
  readonly root?: string;
  /** `null`: the service never gets a port. */
  readonly port?: 'auto' | number | null;
  readonly strictPort?: boolean;
  readonly portEnv?: string | readonly string[] | null;
  readonly ports?: Readonly<Record<string, 'auto' | number>>;
  readonly url?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly envFile?: string | readonly string[];
  readonly autostart?: boolean;
  readonly stopCommand?: string;
  readonly stopSignal?: string;
  readonly stopTimeout?: string;
  readonly stopTarget?: string;
  readonly restart?: string;
  readonly ready?: false | Readonly<Record<string, unknown>>;
  readonly oneshot?: boolean;
  readonly dependsOn?: readonly string[];
}

/** A port of a program that Candle does not start, as it is written into the top-level `ports`. */
export interface WrittenPort {
  readonly port: 'auto' | number;
  readonly strictPort?: boolean;
  readonly portEnv?: string;
  readonly url?: string;
}

/** A command that runs before the first start in a checkout. */
export interface WrittenSetup {
  readonly run: string;
  /** Relative to the project. The command runs again if one of these files changes. */
  readonly inputs: readonly string[];
}

/** A service that was found in a file of the project. */
export interface ProposedService {
  readonly service: WrittenService;
  readonly from: Place;
  /** The port that the file names for it, if the service itself does not have the number. */
  readonly defaultPort?: number;
  /** Whether it is written unless the user decides otherwise. */
  readonly isSelected: boolean;
  /** Whether it is uncertain that it serves, or that it does not; the reason is part of a sentence. */
  readonly guess?: string;
  /** Why it is not selected, as part of a sentence. */
  readonly unselectedBecause?: string;
}

export interface ProposedPort {
  readonly name: string;
  readonly port: WrittenPort;
  readonly from: Place;
  /** The port that the file names for it, if the entry itself does not have the number. */
  readonly defaultPort?: number;
}

/** Something in a file that needs the user's attention, as one sentence without a full stop. */
export interface Note {
  readonly place: Place;
  readonly text: string;
}

/** What one source, such as a Procfile or a package, contributes. */
export interface Finding {
  readonly services: readonly ProposedService[];
  readonly ports: readonly ProposedPort[];
  /** What was not used, and why. */
  readonly ignored: readonly Note[];
  /** What the user has to change or to know, for example a fixed port that all checkouts share. */
  readonly advice: readonly Note[];
  /** Files, or parts of them, that could not be read. */
  readonly problems: readonly Note[];
}

export const nothingFound: Finding = { services: [], ports: [], ignored: [], advice: [], problems: [] };

/** The findings of several sources as one, in the given order. */
export function mergeFindings(findings: readonly Finding[]): Finding {
  return {
    services: findings.flatMap(({ services }) => services),
    ports: findings.flatMap(({ ports }) => ports),
    ignored: findings.flatMap(({ ignored }) => ignored),
    advice: findings.flatMap(({ advice }) => advice),
    problems: findings.flatMap(({ problems }) => problems),
  };
}
