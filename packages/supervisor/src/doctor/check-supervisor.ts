import { isShimAlive, listRunIds, runDir } from '@candle/core';
import { callSupervisor } from '../client/call-supervisor.ts';
import { findSupervisor, type SupervisorRecord } from '../client/supervisor-record.ts';
import { observeRun } from '../observe/observe-run.ts';
import { type Check, counted, type DoctorContext, ok, warning } from './check.ts';

/** One that is well answers within milliseconds. */
const answerTimeoutMs = 5_000;

/** Does it live and answer? Nothing that runs needs it to run on, but who copies output and starts again what failed? */
export const checkSupervisor: Check = {
  name: 'supervisor',
  run: async (context) => {
    const record = findSupervisor(context.stateDir, context.processes);
    if (record) return checkLiving(record, context);
    const running = await countRunning(context);
    if (running === 0) return ok('None, and none is needed: no service runs');
    const sentence = `None, while ${counted(running, 'service runs', 'services run')}: output is kept where it is printed, and nothing is started again by itself`;
    return [warning(sentence, 'candle check-start')];
  },
};

async function checkLiving(record: SupervisorRecord, { stateDir, candleVersion }: DoctorContext) {
  const answer = await callSupervisor(stateDir, (supervisor) => supervisor.hello(), { timeoutMs: answerTimeoutMs });
  const since = new Date(record.startedAtMs).toISOString();
  if (answer.kind === 'silent') {
    const sentence = `pid ${record.pid}, since ${since}, does not answer; services run on without it`;
    return [warning(sentence, `To have another one, end it, which harms no service: kill -9 ${record.pid}`)];
  }
  const differs = record.version === candleVersion ? '' : `; this is ${candleVersion}`;
  const found = ok(`pid ${record.pid}, since ${since}, of Candle ${record.version}${differs}`);
  if (!record.isUnfreed) return found;
  const sentence =
    'It cannot give back the space of output that it has copied: what a service prints is on the disk twice until the service ends';
  return [...found, warning(sentence, 'Install util-linux (fallocate), or restart services that print much')];
}

async function countRunning({ stateDir, supervision }: DoctorContext): Promise<number> {
  if (supervision === undefined) return listRunIds(stateDir).filter((id) => isShimAlive(runDir(stateDir, id))).length;
  const runs = await supervision.store.runs.listActive();
  const observed = await Promise.all(runs.map((run) => observeRun(supervision, run)));
  return observed.filter(({ isAlive }) => isAlive).length;
}
