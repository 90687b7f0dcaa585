import type * as v from 'valibot';
import type { WrittenServiceSchema } from './config-schema.ts';

/** One service of the config, every default filled in. */
export interface ServiceConfig {
  readonly name: string;
  /** The text that `sh -c` runs. */
  readonly shell: string;
  /** Relative to the project and inside it; absent for the project directory itself. */
  readonly root?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Paths as written, read in this order. */
  readonly envFiles: readonly string[];
  readonly autostart: boolean;
  readonly color: boolean;
  readonly stopSignal: NodeJS.Signals;
  /** 0 to 24 days. */
  readonly stopTimeoutMs: number;
}

/** A project's config as it is used. */
export interface ProjectConfig {
  readonly path: string;
  /** In the order of the file. */
  readonly services: readonly ServiceConfig[];
}

export const defaultStopTimeoutMs = 10_000;

export function normaliseService(written: v.InferOutput<typeof WrittenServiceSchema>): ServiceConfig {
  const { envFile = [] } = written;
  return {
    name: written.name,
    shell: written.shell,
    ...(written.root === undefined ? {} : { root: written.root }),
    env: written.env ?? {},
    envFiles: typeof envFile === 'string' ? [envFile] : envFile,
    autostart: written.autostart ?? true,
    color: written.color ?? false,
    stopSignal: written.stopSignal ?? 'SIGTERM',
    stopTimeoutMs: written.stopTimeout ?? defaultStopTimeoutMs,
  };
}
