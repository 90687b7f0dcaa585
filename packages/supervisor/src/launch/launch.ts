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

/** What a run was started with: `launch.json`. Kept for its stop, its readiness, and for starting it again by policy. */
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

/** Undefined when it is gone, or is none. A launch of an older Candle gets today's defaults for what it does not say. */
export function findLaunch(dir: RunDir): Launch | undefined {
  try {
    const written: Partial<Launch> = JSON.parse(readFileSync(dir.launch, 'utf8'));
    if (typeof written.shell !== 'string' || typeof written.root !== 'string') return undefined;
    return { ...defaults, ...written } as Launch;
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
