import { type CandleError, renderHint } from '@candle/core/errors';
import { cursorText, pipedInsteadText } from '@candle/core/logs';
import type { PortClaim } from '@candle/core/ports';
import { fallbackReason } from '@candle/core/reservations';
import { statusLabel } from '@candle/core/runs';
import type {
  DownDocument,
  KilledDocument,
  OverviewDocument,
  PortChangesDocument,
  ReadyDocument,
  SentDocument,
  ServiceDocument,
  ServicesDocument,
  StartDocument,
  StartedDocument,
  UpDocument,
  UpServiceDocument,
} from '@candle/documents';
import type { SentInput } from '../input/send.ts';
import type { StartedService } from '../launch/confirm-run.ts';
import { explanationText } from '../launch/errors.ts';
import { portCheckDocument } from '../port-check/check-port.ts';
import type { StoppedServices } from './down.ts';
import type { KilledService } from './kill.ts';
import type { ListedService, ServiceList } from './list.ts';
import type { ProjectOverview } from './overview.ts';
import type { PortChanges } from './prepare-ports.ts';
import type { StartedServices } from './start.ts';
import type { UpService, UpServices } from './up.ts';
import type { ReadyService } from './wait-for-ready.ts';

export function startDocument({ done, ports, newCommands, warnings }: StartedServices): StartDocument {
  return {
    services: done.map(startedDocument),
    newCommands,
    configWarnings: configWarningsDocument(warnings),
    ...portChangesDocument(ports),
  };
}

export function portChangesDocument({ fallbacks, kept, moved, outdated }: PortChanges): PortChangesDocument {
  return {
    fallbacks: [...fallbacks.flatMap(fallbackDocument), ...kept.map(keptDocument)],
    moved: moved.flatMap(({ from, to }) =>
      from === undefined ? [] : [{ name: to.serviceName ?? '', from: from.port, to: to.port }],
    ),
    outdated: outdated.map(({ name, runId, moves, variables }) => ({
      name,
      runId,
      ports: moves.flatMap(({ from }) => (from === undefined ? [] : [from.port])),
      variables,
    })),
  };
}

type FallbackDocument = PortChangesDocument['fallbacks'][number];

function fallbackDocument({ reservation, fallback }: PortClaim): readonly FallbackDocument[] {
  if (fallback === undefined) return [];
  const { port: preferred } = fallback;
  const conflicting = fallback.by === 'reserved' ? fallback.reservation : undefined;
  return [
    {
      name: reservation.serviceName ?? '',
      preferred,
      port: reservation.port,
      reason: fallbackReason(fallback),
      reservedBy: conflicting ? { serviceName: conflicting.serviceName, projectDir: conflicting.projectDir } : null,
    },
  ];
}

function keptDocument({ reservation, preferred }: PortChanges['kept'][number]): FallbackDocument {
  return { name: reservation.serviceName ?? '', preferred, port: reservation.port, reason: 'kept', reservedBy: null };
}

function configWarningsDocument(warnings: StartedServices['warnings']): ServicesDocument['configWarnings'] {
  return warnings.map(({ file, line = null, field, problem }) => ({ file, line, field, problem }));
}

export function servicesDocument({ services, warnings }: ServiceList): ServicesDocument {
  return { services: services.map(serviceDocument), configWarnings: configWarningsDocument(warnings) };
}

/** @param commands to begin with, outside of a project */
export function overviewDocument(
  found: ProjectOverview | undefined,
  commands: OverviewDocument['commands'],
): OverviewDocument {
  if (found === undefined)
    return { ...{ projectDir: null, branch: null, services: [], configError: null, next: null }, commands };
  const { project, services, configError, next } = found;
  return {
    projectDir: project.projectDir,
    branch: project.branch,
    services: services.map(({ lastError, ...service }) => ({
      ...serviceDocument(service),
      lastErrorLine: lastError ?? null,
    })),
    configError: configError === undefined ? null : errorDocument(configError),
    next: next === undefined ? null : renderHint(next),
    commands: [],
  };
}

export function serviceDocument(service: ListedService): ServiceDocument {
  const { status, isAlive, isReady, lostReadiness, portCheck, startedAtMs, endedAtMs, ...rest } = service;
  const { isTransient, isConfigured: _, pendingRestart, explanation, isPipedInstead, url, browserUrl, ...same } = rest;
  return {
    ...same,
    url: url ?? null,
    browserUrl: browserUrl ?? null,
    status: statusLabel(service),
    running: isAlive,
    ready: isReady,
    notReadySince: isoTime(lostReadiness?.sinceMs ?? null),
    notReadyReason: lostReadiness?.reason ?? null,
    explanation: explanationText(explanation),
    portCheck: portCheckDocument(portCheck),
    startedAt: isoTime(startedAtMs),
    endedAt: isoTime(endedAtMs),
    pipeReason: isPipedInstead ? pipedInsteadText : null,
    transient: isTransient,
    restarts: pendingRestart.attempts,
    nextRestartAt: isoTime(pendingRestart.nextRestartAtMs),
    crashLoopedAt: isoTime(pendingRestart.crashLoopedAtMs),
    refusal: pendingRestart.refusal,
  };
}

export function startedDocument({
  definition,
  run,
  outcome,
  pid,
  isReady,
  portAccepts,
  portCheck,
  url,
  stopTarget,
  logPosition,
}: StartedService): StartedDocument {
  return {
    name: run.serviceName,
    projectDir: run.projectDir,
    outcome,
    status: statusLabel(
      isReady === null
        ? { status: definition.oneshot ? 'done' : 'exited', isAlive: false, exitCode: 0 }
        : { status: 'running', isAlive: true, exitCode: null },
    ),
    pid,
    port: run.port,
    url: url ?? null,
    runId: run.id,
    startedAt: new Date(run.startedAtMs).toISOString(),
    shell: run.shell,
    root: run.root,
    ready: isReady,
    portAccepts,
    portCheck: portCheckDocument(portCheck),
    stopTarget,
    cursor: cursorText({ runId: run.id, position: logPosition }),
  };
}

export function upDocument(result: UpServices): Omit<UpDocument, 'fixedAddresses'> {
  const { services, orphans, silentPorts, ports, newCommands, warnings, isConfigOutdated } = result;
  return {
    services: services.map(upServiceDocument),
    ready: services.every(({ state }) => state !== 'failed'),
    orphans: orphans.map(({ name, pid, isStopped }) => ({ name, pid, stopped: isStopped })),
    silentPorts: silentPorts.map(({ name, port }) => ({ name, port })),
    configOutdated: isConfigOutdated,
    newCommands,
    configWarnings: configWarningsDocument(warnings),
    ...portChangesDocument(ports),
  };
}

function upServiceDocument(service: UpService): UpServiceDocument {
  const { name, projectDir, state } = service;
  if (service.state !== 'failed') {
    const { pid, port, url, runId, ready, portCheck, stopTarget, cursor } = startedDocument(service.started);
    return {
      ...{
        name,
        projectDir,
        state,
        changed: service.changed,
        pid,
        port,
        url,
        runId,
        ready,
        portCheck,
        stopTarget,
        cursor,
      },
      error: null,
    };
  }
  const { error, run, portCheck, url = null } = service;
  const port = run?.port ?? null;
  return {
    ...{ name, projectDir, state, changed: [], ready: false, port },
    pid: service.pid,
    url,
    runId: run?.id ?? null,
    portCheck: portCheckDocument(portCheck),
    stopTarget: null,
    cursor: null,
    error: errorDocument(error),
  };
}

function errorDocument(error: CandleError): NonNullable<UpServiceDocument['error']> {
  const { code, message, hint = null, details } = error;
  return { code, message, hint, details };
}

export function readyDocument({ run, pid }: ReadyService): ReadyDocument {
  const { id, serviceName, projectDir, port } = run;
  return { name: serviceName, projectDir, ready: true, runId: id, pid, port };
}

export function sentDocument({ run, sentBytes }: SentInput): SentDocument {
  return { name: run.serviceName, projectDir: run.projectDir, runId: run.id, sentBytes };
}

export function killedDocument({
  name,
  projectDir,
  stopped,
  isRestartCancelled,
  isJobReset,
  unrecorded,
}: KilledService): KilledDocument {
  return {
    name,
    projectDir,
    stopped: stopped !== undefined,
    restartCancelled: isRestartCancelled,
    jobReset: isJobReset,
    recorded: unrecorded === undefined,
    recordingProblem: unrecorded?.message ?? null,
    forced: stopped?.killed ?? false,
    leftRunning: [...(stopped?.detachedHelpers ?? []), ...(stopped?.sharedDaemons ?? [])].map(({ pid, command }) => ({
      pid,
      command,
    })),
    stoppedPrograms: (stopped?.sidePrograms ?? []).map(({ process: { pid, command }, ports }) => ({
      pid,
      command,
      ports: [...ports],
    })),
    stopCommandProblem: stopped?.stopCommandProblem ?? null,
  };
}

export function downDocument({ done, reservations }: StoppedServices): DownDocument {
  return {
    services: done.map(killedDocument),
    reservedPorts: reservations.map(({ serviceName, port }) => ({ name: serviceName, port })),
  };
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
