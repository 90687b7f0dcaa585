import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../measure/time-command.ts';
import { waitUntil } from '../measure/wait-until.ts';
import { fixture } from '../workbench/fixture.ts';
import type { ValueFigure } from './figure.ts';

/** Delay before the line is printed, so that the command is already waiting for it. It starts within about 100 ms. */
const startMs = 1_000;

/** Measured from the service's write to the end of the command. */
export const waitForLog: ValueFigure = {
  name: 'wait-for-log',
  title: 'wait-for-log: delay after the line',
  unit: 'ms',
  max: 25,
  take: async ({ rounds, openWorkspace }) => {
    const workspace = openWorkspace('wait-for-log');
    const pidFile = join(workspace.projectDir, 'pid');
    workspace.configure({ services: [{ name: 'clock', shell: fixture('prints-time-on-signal.mjs', pidFile) }] });
    await runCommand(workspace.candle(['start', 'clock']));
    const pid = Number(await waitUntil('the service runs', () => existsSync(pidFile) && readFileSync(pidFile, 'utf8')));
    const times: number[] = [];
    for (let round = 1; round <= rounds.waits + 1; round++) {
      const waiting = runCommand(workspace.candle(['wait-for-log', 'clock', '--message', `signal ${round} `]));
      await sleep(startMs);
      process.kill(pid, 'SIGUSR2');
      const { stdout, endedAtNs } = await waiting;
      times.push(Number(endedAtNs - BigInt(stdout.trim().split(' ').at(-1) ?? '')) / 1e6);
    }
    await runCommand(workspace.candle(['kill', 'clock']));
    return times.slice(1);
  },
};
