import { cursorText, type Run, serviceUrl } from '@candle/core';
import type { SentInput } from '../input/send.ts';
import { type PortCheckDocument, portCheckDocument } from '../port-check/port-check-document.ts';
import type { KilledService } from './kill.ts';
import type { ListedService } from './list.ts';
import type { StartedService } from './started-service.ts';

/** What `--json` and MCP say of one service. */
export interface ServiceDocument {
  readonly name: string;
  readonly projectDir: string;
  readonly status: string;
  readonly running: boolean;
  /** Null when it does not run. */
  readonly ready: boolean | null;
  readonly pid: number | null;
  readonly port: number | null;
  /** What it makes of its reserved port; null without one, and when it does not run. */
  readonly portCheck: PortCheckDocument | null;
  readonly runId: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly shell: string | null;
  readonly root: string | null;
  readonly transient: boolean;
  readonly configChanged: boolean;
  /** Restarts by its policy in a row. */
  readonly restarts: number;
  readonly nextRestartAt: string | null;
  /** When the policy gave up. */
  readonly crashLoopedAt: string | null;
  /** Why the policy did not start it again. */
  readonly refusal: string | null;
}

export interface StartedDocument {
  readonly name: string;
  readonly projectDir: string;
  /** `kept`: it was running already. */
  readonly outcome: 'running' | 'finished' | 'kept';
  /** As in the list of services. */
  readonly status: string;
  readonly pid: number | null;
  readonly port: number | null;
  /** Of its reserved port; null without one, and when it has finished. */
  readonly url: string | null;
  readonly runId: string;
  readonly startedAt: string;
  readonly shell: string;
  readonly root: string;
  /** Null when it has finished. */
  readonly ready: boolean | null;
  /** False while the reserved port does not accept connections; null without a reservation. */
  readonly portAccepts: boolean | null;
  /** What it makes of its reserved port; null without one, and when it has finished. */
  readonly portCheck: PortCheckDocument | null;
  /** To read its output from: the beginning of this run or, of one that was running already, what it prints from now on. */
  readonly cursor: string;
}

/** What a wait for readiness ends with. */
export interface ReadyDocument {
  readonly name: string;
  readonly projectDir: string;
  readonly ready: true;
  readonly runId: string;
  readonly pid: number | null;
  readonly port: number | null;
}

/** What was sent to the stdin of a service. */
export interface SentDocument {
  readonly name: string;
  readonly projectDir: string;
  readonly runId: string;
  readonly sentBytes: number;
}

export interface KilledDocument {
  readonly name: string;
  readonly projectDir: string;
  readonly stopped: boolean;
  /** It was about to be started again by its policy, and now is not. */
  readonly restartCancelled: boolean;
  /** It did not end by itself in time. */
  readonly forced: boolean;
  /** Processes it had opened for the person, which were left running. */
  readonly leftRunning: readonly { readonly pid: number; readonly command: string }[];
  /** Why its stopCommand failed; null when it did not, or there is none. */
  readonly stopCommandProblem: string | null;
}

export function serviceDocument(service: ListedService): ServiceDocument {
  const { status, isAlive, isReady, portCheck, startedAtMs, endedAtMs, isTransient, pendingRestart, ...same } = service;
  return {
    ...same,
    status: statusLabel(service),
    running: isAlive,
    ready: isReady,
    portCheck: portCheckDocument(portCheck),
    startedAt: isoTime(startedAtMs),
    endedAt: isoTime(endedAtMs),
    transient: isTransient,
    restarts: pendingRestart.attempts,
    nextRestartAt: isoTime(pendingRestart.nextRestartAtMs),
    crashLoopedAt: isoTime(pendingRestart.crashLoopedAtMs),
    refusal: pendingRestart.refusal,
  };
}

export function startedDocument({
  run,
  outcome,
  isReady,
  portAccepts,
  portCheck,
  logPosition,
}: StartedService): StartedDocument {
  return {
    name: run.serviceName,
    projectDir: run.projectDir,
    outcome,
    status: outcome === 'finished' ? 'EXITED (0)' : 'RUNNING',
    pid: run.shim?.pid ?? null,
    port: run.port,
    url: run.port === null || outcome === 'finished' ? null : serviceUrl(run.port),
    runId: run.id,
    startedAt: new Date(run.startedAtMs).toISOString(),
    shell: run.shell,
    root: run.root,
    ready: isReady,
    portAccepts,
    portCheck: portCheckDocument(portCheck),
    cursor: cursorText({ runId: run.id, position: logPosition }),
  };
}

export function readyDocument({ id, serviceName, projectDir, shim, port }: Run): ReadyDocument {
  return { name: serviceName, projectDir, ready: true, runId: id, pid: shim?.pid ?? null, port };
}

export function sentDocument({ run, sentBytes }: SentInput): SentDocument {
  return { name: run.serviceName, projectDir: run.projectDir, runId: run.id, sentBytes };
}

export function killedDocument({ name, projectDir, stopped, isCalledOff }: KilledService): KilledDocument {
  return {
    name,
    projectDir,
    stopped: stopped !== undefined,
    restartCancelled: isCalledOff,
    forced: stopped?.killed ?? false,
    leftRunning: stopped?.detachedHelpers.map(({ pid, command }) => ({ pid, command })) ?? [],
    stopCommandProblem: stopped?.stopCommandProblem ?? null,
  };
}

/** The word that people see: `RUNNING`, `EXITED (1)`, `not running`, … */
export function statusLabel({
  status,
  isAlive,
  exitCode,
}: Pick<ListedService, 'status' | 'isAlive' | 'exitCode'>): string {
  if (status === 'idle') return 'not running';
  if (isAlive) return status === 'starting' || status === 'stopping' ? status.toUpperCase() : 'RUNNING';
  const code = exitCode === null ? '' : ` (${exitCode})`;
  return status === 'failed' ? `FAILED${code}` : exitCode === null ? 'LOST' : `EXITED${code}`;
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
