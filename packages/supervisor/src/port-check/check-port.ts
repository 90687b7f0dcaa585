import { closeSync, openSync } from 'node:fs';
import { advise, candle, type Hint, renderHint } from '@candle/core/errors';
import { type Run, runDir, usesTls } from '@candle/core/runs';
import { type Addressed, findUrl, mayUseTls } from '@candle/core/services';
import type { PortCheckDocument } from '@candle/documents';
import { readinessOf } from '../launch/launch.ts';
import type { MachineSnapshot } from '../members/find-members.ts';
import { describePortOwner } from '../ports/describe-port-owner.ts';
import { findPortOwners } from '../ports/find-port-owners.ts';
import { type PortOwner, portOwnerDocument } from '../ports/port-report.ts';
import type { Supervision } from '../supervision.ts';
import { type InspectOptions, inspectPort } from './inspect-port.ts';
import {
  findReachablePort,
  type PortCheck,
  type ReservedPortCheck,
  renderPortNumbers,
  servesPort,
  type UnreservedPortCheck,
} from './port-check.ts';

interface CheckedParts {
  /** The other process on the reserved port if the status is `conflict`; also null if that process has gone in the meantime. */
  readonly owner: PortOwner | null;
  /** There is nothing to report: the status is `ok`, or `not-listening` for a service that need not listen (`"ready": false`). */
  readonly isFine: boolean;
  /** What to do about it, as a sentence with something to paste. Null if the port check is fine. */
  readonly fix: Hint | null;
}

export type CheckedPort = CheckedParts & (Omit<ReservedPortCheck, 'owner'> | Omit<UnreservedPortCheck, 'owner'>);

/**
 * Checks how a live run uses its reserved port now, or whether it listens without one, and what to do about it. Null if it
 * neither has a reserved port nor listens, and while the run is starting or stopping. `run` must have the observed status.
 * Writes nothing.
 */
export async function checkPort(
  supervision: Supervision,
  run: Run,
  options: InspectOptions = {},
): Promise<CheckedPort | null> {
  if (run.status === 'starting' || run.status === 'stopping') return null;
  const isWorker = () => readinessOf(supervision, run).ready.kind === 'none';
  const inspected = await inspectPort(supervision, run, { ...options, isWorker });
  if (!inspected) return null;
  const { portCheck } = inspected;
  if (portCheck.status === 'ok') return { ...portCheck, owner: null, isFine: true, fix: null };
  const isFine = portCheck.status === 'not-listening' && isWorker();
  if (isFine) return { ...portCheck, owner: null, isFine, fix: null };
  // Loaded on demand: it is large, and most port checks are fine.
  const { findFix } = await import('./fixes/find-fix.ts');
  const fix = await findFix(supervision, run, inspected);
  return { ...portCheck, owner: await findPortOwner(supervision, portCheck), isFine, fix };
}

/** Another program on the reserved port of a service that is not running. Null if nothing listens there. Writes nothing. */
export async function checkIdlePort(
  supervision: Supervision,
  port: number,
  { sockets }: Pick<MachineSnapshot, 'sockets'>,
): Promise<CheckedPort | null> {
  if (sockets().on(port).length === 0) return null;
  const [owner = null] = await findPortOwners(supervision, [port]);
  const fix = advise('To see what uses the port', candle('who-has', String(port)));
  return { port, status: 'conflict', listensOn: [], owner, isFine: false, fix };
}

/** Describes the process that has the reserved port of a run instead of it. Null if there is none, or if it has ended. */
export async function findPortOwner(supervision: Supervision, { port, owner }: PortCheck): Promise<PortOwner | null> {
  if (owner === null || port === null) return null;
  const owners = await findPortOwners(supervision, [port]);
  return owners.find(({ pid, uid }) => (owner.pid === undefined ? uid === owner.uid : pid === owner.pid)) ?? null;
}

/** The URL at which a run is reached, with the scheme that it speaks as far as that is known. Undefined if it has none. */
export function findRunUrl(
  { stateDir }: Pick<Supervision, 'stateDir'>,
  definition: Addressed | undefined,
  run: Run,
  portCheck: CheckedPort | null,
): string | undefined {
  const addressed = definition ?? { name: run.serviceName, shell: run.shell };
  const isTls = definition !== undefined && mayUseTls(definition) && usesTls(runDir(stateDir, run.id));
  const port = portCheck === null ? (run.port ?? undefined) : findReachablePort(portCheck);
  return findUrl({ ...addressed, usesTls: isTls }, port);
}

/** The port check as the predicate of a sentence about the run: `listens on 5173 instead of its reserved port 4000`. */
export function describePortCheck(portCheck: CheckedPort): string {
  const { port, status, listensOn, owner } = portCheck;
  switch (status) {
    case 'ok':
      return `listens on its reserved port ${port}`;
    case 'wrong-port':
      return `listens on ${renderPortNumbers(listensOn)} instead of its reserved port ${port}`;
    case 'not-listening':
      return listensOn.length === 0
        ? `does not listen on any port yet (its reserved port is ${port})`
        : `does not listen on its reserved port ${port} yet`;
    case 'unreserved':
      return `listens on ${renderPortNumbers(listensOn)}, which ${listensOn.length === 1 ? 'is' : 'are'} not reserved for it`;
    case 'conflict': {
      const who = owner === null ? 'another program' : describePortOwner(owner);
      if (servesPort(portCheck)) return `shares its reserved port ${port} with ${who}`;
      if (listensOn.length === 0)
        return `does not listen on any port, and its reserved port ${port} is in use by ${who}`;
      return `listens on ${renderPortNumbers(listensOn)} because its reserved port ${port} is in use by ${who}`;
    }
  }
}

/**
 * Whether this process is the one to report that a run listens on a port that is not reserved. Only the first call for a run
 * returns true, in any process.
 */
export function takeUnreservedReport({ stateDir }: Pick<Supervision, 'stateDir'>, runId: string): boolean {
  try {
    closeSync(openSync(runDir(stateDir, runId).unreserved, 'wx', 0o600));
    return true;
  } catch (error) {
    // If it cannot be noted, repeating the report is better than omitting it.
    return (error as NodeJS.ErrnoException).code !== 'EEXIST';
  }
}

/** The port check of a run, as `--json` and MCP report it. */
export function portCheckDocument(portCheck: CheckedPort | null): PortCheckDocument | null {
  if (portCheck === null) return null;
  const { status, listensOn, owner, fix } = portCheck;
  return { status, listensOn, owner: owner && portOwnerDocument(owner), fix: fix && renderHint(fix) };
}
