import { advise, candle, isShimAlive, listRunIds, program, runDir } from '@candle/core';
import { callSupervisor } from '../client/call-supervisor.ts';
import { findSupervisor, type SupervisorRecord } from '../client/supervisor-record.ts';
import { observeRun } from '../observe/observe-run.ts';
import { type Check, counted, type DoctorContext, ok, warning } from './check.ts';

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
  const found = ok(`pid ${record.pid}, since ${since}, Candle ${record.version}${differs}`);
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
