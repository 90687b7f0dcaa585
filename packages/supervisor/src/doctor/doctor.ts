import { existsSync } from 'node:fs';
import { type Candle, inspectDatabase, isCandleError } from '@candle/core';
import { type Supervision, superviseWith } from '../supervision.ts';
import { openProcessTable } from '../system/open-process-table.ts';
import type { Check, DoctorContext, Finding } from './check.ts';
import { checkDatabase } from './check-database.ts';
import { checkDiskSpace } from './check-disk-space.ts';
import { checkFileWatching } from './check-file-watching.ts';
import { checkHolePunching } from './check-hole-punching.ts';
import { checkHooks } from './check-hooks.ts';
import { checkPorts } from './check-ports.ts';
import { checkReservations } from './check-reservations.ts';
import { checkRuns } from './check-runs.ts';
import { checkStateDirectory } from './check-state-directory.ts';
import { checkSupervisor } from './check-supervisor.ts';
import { checkVersions } from './check-versions.ts';

/** In the order in which one trouble explains the next. */
const checks: readonly Check[] = [
  checkVersions,
  checkStateDirectory,
  checkDiskSpace,
  checkDatabase,
  checkSupervisor,
  checkRuns,
  checkReservations,
  checkPorts,
  checkHolePunching,
  checkFileWatching,
  checkHooks,
];

export interface DoctorInput {
  readonly stateDir: string;
  readonly candleVersion: string;
  readonly installedPlugins: readonly string[];
  /** Called only when there is a sound ledger to open. */
  readonly openCandle: () => Candle;
  readonly callerEnv: Supervision['callerEnv'];
}

export interface CheckedThing extends Finding {
  readonly name: string;
}

/** Looks at everything that Candle depends on. Changes nothing, and never throws: a check that fails is a finding. */
export async function doctor(input: DoctorInput): Promise<readonly CheckedThing[]> {
  const processes = await openProcessTable();
  const supervision = await openSound(input);
  const context: DoctorContext = { ...input, processes, supervision };
  const checked: CheckedThing[] = [];
  for (const check of checks) {
    for (const finding of await runCheck(check, context)) checked.push({ name: check.name, ...finding });
  }
  return checked;
}

async function runCheck(check: Check, context: DoctorContext): Promise<readonly Finding[]> {
  try {
    return await check.run(context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ status: 'problem', message, hint: isCandleError(error) ? error.hint : undefined }];
  }
}

/** Opening a damaged ledger would mend it; what is wrong with it, its own check tells. */
async function openSound({ stateDir, openCandle, callerEnv }: DoctorInput): Promise<Supervision | undefined> {
  try {
    if (!existsSync(stateDir) || inspectDatabase(stateDir).condition !== 'sound') return undefined;
    return await superviseWith(openCandle(), { callerEnv });
  } catch {
    return undefined;
  }
}
