import type { Candle } from '@candle/core/candle';
import type { Project } from '@candle/core/projects';
import type { UpDocument } from '@candle/documents';
import type * as supervisor from '@candle/supervisor';

/** The use cases of the supervisor package, and the supervision that they work on. */
export type Supervised = typeof supervisor & {
  readonly supervision: supervisor.Supervision;
  /** For use cases that stop services. */
  readonly onWaiting: supervisor.OnWaiting;
  /** For use cases that start services. */
  readonly onNewCommands: supervisor.OnNewCommands;
  /** Finds addresses in files of a project that no longer lead to a service. */
  readonly findFixedAddresses: (projectDir: string) => Promise<UpDocument['fixedAddresses']>;
};

/** The projects that a tool accepts. */
export interface FoundProject {
  /** Whether a directory without a project becomes one. */
  readonly allowNew: boolean;
  /** Whether a project whose directory was deleted is refused. */
  readonly requireDirectory?: boolean | undefined;
}

/** What the tools need from the program that serves them. The CLI's host implements it. */
export interface McpHost {
  /** The database and the system interfaces. Opened at the first call, closed by the host. */
  candle(): Candle;
  /**
   * The use cases that start, stop and read services, loaded at the first call. `progress` receives what a stop waits for.
   */
  supervise(candle: Candle, progress: (text: string) => void): Promise<Supervised>;
  /**
   * Finds the project that a directory belongs to. `dir` comes from the call; if omitted, the server's own directory.
   */
  findProject(question: { dir?: string | undefined } & FoundProject): Promise<Project>;
  /** True if the server was started for a specific project; the client's roots are then not requested. */
  readonly isProjectGiven: boolean;
}
