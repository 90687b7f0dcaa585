import { readFileSync } from 'node:fs';
import {
  defaultLogLimits,
  defaultReadyCheck,
  type LogLimits,
  noRestart,
  type ReadyCheck,
  type RestartPolicy,
  type RunDir,
} from '@candle/core';
import type { ProcessContext } from './process-context.ts';

/** What a run was started with: `launch.json`. Needed to stop it, to check its readiness and to restart it by policy. */
export interface Launch {
  readonly projectDir: string;
  readonly serviceName: string;
  readonly shell: string;
  readonly root: string;
  readonly port: number | null;
  readonly env: Readonly<Record<string, string>>;
  readonly stopSignal: NodeJS.Signals;
  readonly stopTimeoutMs: number;
  readonly stopCommand?: string;
  readonly restart: RestartPolicy;
  readonly ready: ReadyCheck;
  readonly enableStdin: boolean;
  readonly logs: LogLimits;
  readonly context: ProcessContext | null;
}

/**
 * Undefined if the file is missing or invalid. A file written by an older Candle gets the current defaults for the
 * fields that it lacks.
 */
export function findLaunch(dir: RunDir): Launch | undefined {
  try {
    const parsed: Partial<Launch> = JSON.parse(readFileSync(dir.launch, 'utf8'));
    if (typeof parsed.shell !== 'string' || typeof parsed.root !== 'string') return undefined;
    return { ...defaults, ...parsed } as Launch;
  } catch {
    return undefined;
  }
}

const defaults = {
  port: null,
  env: {},
  stopSignal: 'SIGTERM',
  stopTimeoutMs: 10_000,
  restart: noRestart,
  ready: defaultReadyCheck,
  enableStdin: false,
  logs: defaultLogLimits,
  context: null,
} as const;
