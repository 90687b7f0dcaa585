import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Candle } from '@candle/core/candle';
import { describeConfigWarning } from '@candle/core/config';
import { CandleError, isCandleError } from '@candle/core/errors';
import { readKnownServices } from '@candle/core/services';
import { inspectDatabase } from '@candle/core/store';
import { findConfigProblems } from '../services/variable-problems.ts';
import { openProcessTable, type Supervision, superviseWith } from '../supervision.ts';
import { type Check, type DoctorContext, type Finding, ok, warning } from './check.ts';
import {
  checkDatabase,
  checkDiskSpace,
  checkFileWatching,
  checkHolePunching,
  checkStateDirectory,
} from './check-files.ts';
import { checkPorts, checkReservations } from './check-ports.ts';
import { checkRuns, checkSupervisor } from './check-processes.ts';
import { checkHooks, checkVersions } from './check-programs.ts';

/** Checks the configuration of the project in the current directory. */
const checkConfig: Check = {
  name: 'configuration',
  run: async ({ readConfig, supervision }) => {
    const { config, error } = (await readConfig()) ?? {};
    if (error) throw error;
    if (config === undefined) return ok('The current directory is in no project with a .candle.json');
    // Without a database, no variable has the port of a service.
    const known = supervision && (await readKnownServices(supervision, dirname(config.path)));
    const warnings = known ? await findConfigProblems(supervision, known) : config.warnings;
    if (warnings.length === 0) return ok(`${config.path} is valid`);
    return warnings.map((one) => warning(describeConfigWarning(one)));
  },
};

/** Causes come before their consequences. */
const checks: readonly Check[] = [
  checkVersions,
  checkStateDirectory,
  checkConfig,
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
  /** Called only if there is an intact database to open. */
  readonly openCandle: () => Candle;
  readonly callerEnv: Supervision['callerEnv'];
  readonly readConfig: DoctorContext['readConfig'];
}

export interface CheckedThing extends Finding {
  readonly name: string;
}

/** Checks everything that Candle depends on. Changes nothing and never throws: a check that throws becomes a finding. */
export async function doctor(input: DoctorInput): Promise<readonly CheckedThing[]> {
  const processes = await openProcessTable();
  const supervision = await openIntact(input);
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
    return [{ status: 'problem', message, hint: isCandleError(error) ? CandleError.hintOf(error) : undefined }];
  }
}

/** Does not open a damaged database, because that would repair it. The database check reports what is wrong with it. */
async function openIntact({ stateDir, openCandle, callerEnv }: DoctorInput): Promise<Supervision | undefined> {
  try {
    if (!existsSync(stateDir) || inspectDatabase(stateDir).condition !== 'sound') return undefined;
    return await superviseWith(openCandle(), { callerEnv });
  } catch {
    return undefined;
  }
}
