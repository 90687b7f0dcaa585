import { cursorText, type Run, serviceUrl, statusLabel } from '@candle/core';
import type { SentInput } from '../input/send.ts';
import type { StartedService } from '../launch/started-service.ts';
import { type PortCheckDocument, portCheckDocument } from '../port-check/port-check-document.ts';
import type { KilledService } from './kill.ts';
import type { ListedService } from './list.ts';

/** A service, as `--json` and MCP report it. */
export interface ServiceDocument {
  readonly name: string;
  readonly projectDir: string;
  readonly status: string;
  readonly running: boolean;
  /** Null if it is not running. */
  readonly ready: boolean | null;
  readonly pid: number | null;
  readonly port: number | null;
  /** Whether it listens on its reserved port; null without a reserved port, or if it is not running. */
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
  /** Consecutive restarts by its policy. */
  readonly restarts: number;
  readonly nextRestartAt: string | null;
  /** When the policy stopped restarting it. */
  readonly crashLoopedAt: string | null;
  /** Why the policy did not restart it. */
  readonly refusal: string | null;
}

export interface StartedDocument {
  readonly name: string;
  readonly projectDir: string;
  /** `kept`: it was already running. */
  readonly outcome: 'running' | 'finished' | 'kept';
  /** The same label as in the list of services. */
  readonly status: string;
  readonly pid: number | null;
  readonly port: number | null;
  /** Of its reserved port; null without a reserved port, or if it has finished. */
  readonly url: string | null;
  readonly runId: string;
  readonly startedAt: string;
  readonly shell: string;
  readonly root: string;
  /** Null if it has finished. */
  readonly ready: boolean | null;
  /** False while the reserved port does not accept connections; null without a reservation. */
  readonly portAccepts: boolean | null;
  /** Whether it listens on its reserved port; null without a reserved port, or if it has finished. */
  readonly portCheck: PortCheckDocument | null;
  /**
   * Where to start reading its output: at the beginning of this run or, if it was already running, at what it prints from now
   * on.
   */
  readonly cursor: string;
}

/** The result of a wait for readiness. */
export interface ReadyDocument {
  readonly name: string;
  readonly projectDir: string;
  readonly ready: true;
  readonly runId: string;
  readonly pid: number | null;
  readonly port: number | null;
}

/** The result of sending input to a service. */
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
  /** Its policy was about to restart it; that restart is cancelled. */
  readonly restartCancelled: boolean;
  /** It did not exit in time and was killed. */
  readonly forced: boolean;
  /** Processes that it opened for the user, such as a browser. They were left running. */
  readonly leftRunning: readonly { readonly pid: number; readonly command: string }[];
  /** Why its stopCommand failed; null if it succeeded or there is none. */
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
    status: statusLabel(
      outcome === 'finished'
        ? { status: 'exited', isAlive: false, exitCode: 0 }
        : { status: 'running', isAlive: true, exitCode: null },
    ),
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

export function killedDocument({ name, projectDir, stopped, isRestartCancelled }: KilledService): KilledDocument {
  return {
    name,
    projectDir,
    stopped: stopped !== undefined,
    restartCancelled: isRestartCancelled,
    forced: stopped?.killed ?? false,
    leftRunning: stopped?.detachedHelpers.map(({ pid, command }) => ({ pid, command })) ?? [],
    stopCommandProblem: stopped?.stopCommandProblem ?? null,
  };
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
