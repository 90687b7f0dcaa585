import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../measure/time-command.ts';
import { waitUntil } from '../measure/wait-until.ts';
import { fixture } from '../workbench/fixture.ts';
import type { ValueFigure } from './figure.ts';

/** So that the command waits when the line comes: it is started in some 100 ms. */
const startMs = 1_000;

/** From the service's write to the end of the command. */
export const waitForLog: ValueFigure = {
  name: 'wait-for-log',
  title: 'wait-for-log returns after the line by',
  unit: 'ms',
  max: 25,
  take: async ({ rounds, openWorkspace }) => {
    const workspace = openWorkspace('wait-for-log');
    const pidFile = join(workspace.projectDir, 'pid');
    workspace.configure({ services: [{ name: 'bell', shell: fixture('tells-the-time-when-asked.mjs', pidFile) }] });
    await runCommand(workspace.candle(['start', 'bell']));
    const pid = Number(await waitUntil('the service runs', () => existsSync(pidFile) && readFileSync(pidFile, 'utf8')));
    const times: number[] = [];
    for (let ring = 1; ring <= rounds.waits + 1; ring++) {
      const waiting = runCommand(workspace.candle(['wait-for-log', 'bell', '--message', `ring ${ring} `]));
      await sleep(startMs);
      process.kill(pid, 'SIGUSR2');
      const { stdout, endedAtNs } = await waiting;
      times.push(Number(endedAtNs - BigInt(stdout.trim().split(' ').at(-1) ?? '')) / 1e6);
    }
    await runCommand(workspace.candle(['kill', 'bell']));
    return times.slice(1);
  },
};
