import { existsSync } from 'node:fs';
import { advise, candle, program, quote } from '@candle/core/errors';
import { isShimAlive, listRunIds, type Run, type RunDir, readRecord, runDir } from '@candle/core/runs';
import { callSupervisor, findSupervisor, type SupervisorRecord } from '../client/protocol.ts';
import { describeLongTick } from '../daemon/activity.ts';
import { findOrphans } from '../observe/find-orphans.ts';
import { isAbandoned, observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import { type Check, counted, type DoctorContext, type Finding, ok, problem, warning } from './check.ts';

/** Checks that the database, the run directories and the processes agree. */
export const checkRuns: Check = {
  name: 'runs',
  run: async ({ stateDir, supervision }) => {
    if (supervision === undefined) return listLiveWithoutStore(stateDir);
    const active = await supervision.store.runs.listActive();
    const observed = await Promise.all(active.map((run) => observeRun(supervision, run)));
    const living = observed.filter(({ isAlive }) => isAlive).map(({ run }) => run);
    const findings = [
      ...endedUnnoticed(observed.length - living.length),
      ...ofDeletedProjects(living),
      ...living.filter((run) => isAbandoned(supervision, run)).map(describeAbandoned),
      ...(await unknownRuns(supervision)),
    ];
    return findings.length > 0
      ? findings
      : ok(`${counted(living.length, 'service is running', 'services are running')}, and nothing is left over`);
  },
};

/** Without a usable database, only the running services can be counted. */
function listLiveWithoutStore(stateDir: string): readonly Finding[] {
  const living = listRunIds(stateDir).filter((id) => isShimAlive(runDir(stateDir, id)));
  if (living.length === 0) return ok('No service is running');
  return [
    warning(
      `${counted(living.length, 'service is running', 'services are running')}, and there is no database to compare with`,
    ),
  ];
}

function endedUnnoticed(number: number): readonly Finding[] {
  if (number === 0) return [];
  const sentence = `${counted(number, 'service has', 'services have')} exited, but the database does not record this yet`;
  return [warning(sentence, advise('The next start or kill records this', candle('kill-all')))];
}

function ofDeletedProjects(living: readonly Run[]): readonly Finding[] {
  return living
    .filter(({ projectDir }) => !existsSync(projectDir))
    .map(({ serviceName, projectDir }) =>
      warning(
        `Service ${quote(serviceName)} is running, but its project no longer exists: ${projectDir}`,
        advise('To stop it', candle('kill', '--project', projectDir)),
      ),
    );
}

/** The supervisor stops such a run within a second, and every other command starts a supervisor if there is none. */
function describeAbandoned({ serviceName, projectDir, owner }: Run): Finding {
  return warning(
    `Service ${quote(serviceName)} of ${projectDir} is running, but the command that it belongs to (pid ${owner?.pid}) was killed`,
    advise('To stop it', candle('ps-all')),
  );
}

async function unknownRuns(supervision: Supervision): Promise<readonly Finding[]> {
  const { stateDir, store } = supervision;
  const orphans = await findOrphans(supervision);
  const known = new Set(await store.runs.listIds());
  const left = listRunIds(stateDir)
    .filter((id) => !known.has(id))
    .map((id) => runDir(stateDir, id))
    .filter((dir) => !isShimAlive(dir));
  return [...orphans.map(describeOrphan), ...(left.length === 0 ? [] : [describeLeft(left)])];
}

function describeOrphan(dir: RunDir): Finding {
  const pid = readRecord(dir.pid);
  // The shim leads its own process group.
  const hint = pid === undefined ? undefined : advise('To stop it', program('kill', '--', `-${pid}`));
  return problem(
    `A program is running that is not in the database: ${dir.path}${pid === undefined ? '' : ` (pid ${pid})`}`,
    hint,
  );
}

function describeLeft(left: readonly RunDir[]): Finding {
  const sentence = `${counted(left.length, 'run directory belongs', 'run directories belong')} to no run in the database`;
  return warning(
    sentence,
    advise(`To delete ${left.length === 1 ? 'it' : 'them'}`, program('rm', '-r', ...left.map(({ path }) => path))),
  );
}

/** A healthy supervisor answers within milliseconds. */
const answerTimeoutMs = 5_000;

/**
 * Checks that the supervisor is alive and answers. Services run without it, but nothing else copies output and restarts failed
 * services.
 */
export const checkSupervisor: Check = {
  name: 'supervisor',
  run: async (context) => {
    const record = findSupervisor(context.stateDir, context.processes);
    if (record) return checkLive(record, context);
    const running = await countRunning(context);
    if (running === 0) return ok('None, and none is needed: no service is running');
    const sentence = `None, but ${counted(running, 'service is running', 'services are running')}: output is kept but not copied, and failed services are not restarted`;
    return [warning(sentence, { command: candle('check-start') })];
  },
};

async function checkLive(record: SupervisorRecord, { stateDir, candleVersion }: DoctorContext) {
  const answer = await callSupervisor(stateDir, (supervisor) => supervisor.hello(), { timeoutMs: answerTimeoutMs });
  const since = new Date(record.startedAtMs).toISOString();
  if (answer.kind === 'silent') {
    const sentence = `pid ${record.pid}, since ${since}, does not respond; services keep running without it`;
    return [
      warning(
        sentence,
        advise('To replace it, which does not affect any service', program('kill', '-9', String(record.pid))),
      ),
    ];
  }
  const differs = record.version === candleVersion ? '' : `; this CLI is ${candleVersion}`;
  const found = [...ok(`pid ${record.pid}, since ${since}, Candle ${record.version}${differs}`)];
  if (record.longTick) {
    const at = new Date(record.longTick.atMs).toISOString();
    found.push(warning(`${describeLongTick(record.longTick)}, until ${at}: it served no other project meanwhile`));
  }
  if (!record.isUnfreed) return found;
  const sentence =
    'It cannot free the disk space of copied output: the output of a service is stored twice until the service exits';
  return [...found, warning(sentence, 'Install util-linux (fallocate), or restart services with a lot of output')];
}

async function countRunning({ stateDir, supervision }: DoctorContext): Promise<number> {
  if (supervision === undefined) return listRunIds(stateDir).filter((id) => isShimAlive(runDir(stateDir, id))).length;
  const runs = await supervision.store.runs.listActive();
  const observed = await Promise.all(runs.map((run) => observeRun(supervision, run)));
  return observed.filter(({ isAlive }) => isAlive).length;
}
