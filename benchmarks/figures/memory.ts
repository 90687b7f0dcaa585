import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMs, privateBytes, processesOfCandle, proportionalBytes } from '../measure/process-costs.ts';
import { runCommand } from '../measure/time-command.ts';
import { fixture } from '../workbench/fixture.ts';
import type { Workbench, Workspace } from '../workbench/workbench.ts';
import type { ValueFigure } from './figure.ts';

/** Time after the start of the services until the memory needed for it has been released. */
const settlingMs = 5_000;
const samples = 5;
const sampleEveryMs = 200;
const idleMs = 30_000;
const bytesPerMB = 1_000_000;

/**
 * The services are idle Node programs, like most dev servers. They share Node's code pages with the supervisor, so that
 * only a part of those pages counts for the supervisor. A note reports the supervisor's private memory.
 */
export const memoryFigures: readonly ValueFigure[] = [memoryOf(1, 35), memoryOf(10, 37), memoryOf(30, 45)];

function memoryOf(count: number, max: number): ValueFigure {
  const name = `memory-${count}`;
  return {
    name,
    title: `memory (PSS) of Candle's own processes, ${count} idle service${count === 1 ? '' : 's'}`,
    unit: 'MB',
    max,
    isSlow: true,
    take: async (bench, note) => {
      const workspace = await startIdle(bench, name, count);
      const sums: number[] = [];
      for (let taken = 0; taken < samples; taken++) {
        const pids = processesOfCandle(workspace.stateDir).map(({ pid }) => pid);
        sums.push(pids.reduce((sum, pid) => sum + proportionalBytes(pid), 0) / bytesPerMB);
        await sleep(sampleEveryMs);
      }
      const processes = processesOfCandle(workspace.stateDir);
      const supervisor = processes.find(({ command }) => command.startsWith('candle-supervisor'));
      const privateMB = supervisor ? privateBytes(supervisor.pid) / bytesPerMB : Number.NaN;
      note(`${name}: ${processes.length} processes; private memory of the supervisor ${privateMB.toFixed(1)} MB.`);
      await runCommand(workspace.candle(['kill']));
      return sums;
    },
  };
}

export const idleCpu: ValueFigure = {
  name: 'idle-cpu',
  title: "share of a core used by Candle's own processes, 30 idle services",
  unit: '%',
  max: 0.5,
  isSlow: true,
  take: async (bench) => {
    const workspace = await startIdle(bench, 'idle-cpu', 30);
    const pids = processesOfCandle(workspace.stateDir).map(({ pid }) => pid);
    const total = () => pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
    const [beganMs, before] = [performance.now(), total()];
    await sleep(idleMs);
    const share = ((total() - before) / (performance.now() - beganMs)) * 100;
    await runCommand(workspace.candle(['kill']));
    return [share];
  },
};

async function startIdle({ openWorkspace }: Workbench, name: string, count: number): Promise<Workspace> {
  const services = Array.from({ length: count }, (_, index) => ({ name: `s${index}`, shell: fixture('idles.mjs') }));
  const workspace = openWorkspace(name, { services });
  await runCommand(workspace.candle(['start', '--bg']));
  await sleep(settlingMs);
  return workspace;
}
