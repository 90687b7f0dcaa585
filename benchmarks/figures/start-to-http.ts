import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { takePairs } from '../measure/take-pairs.ts';
import { type Command, runCommand } from '../measure/time-command.ts';
import { firstResponse } from '../workbench/first-response.ts';
import type { Workspace } from '../workbench/workbench.ts';
import type { PairFigure } from './figure.ts';

/** Measured from the spawn (of candle, or of the server itself) to the server's first HTTP response. */
export const startToHttp: PairFigure = {
  name: 'start',
  title: 'start to first HTTP response',
  baseline: 'bare spawn of the server',
  aim: { extraMs: 250 },
  measure: async ({ rounds, openWorkspace, server }) => {
    const workspace = openWorkspace('start', { services: [{ name: 'web', shell: server.shell }] });
    const port = (await runCommand(workspace.candle(['get-or-reserve-port', 'web']))).stdout.trim();
    const responds = () => firstResponse({ port, answer: server.answer });
    return takePairs(rounds.starts, {
      measured: () => timeCandleStart(workspace, responds),
      baseline: () => timeBareStart(server.command, port, responds),
    });
  },
};

async function timeCandleStart(workspace: Workspace, responds: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  const started = runCommand(workspace.candle(['start', 'web']));
  const [milliseconds] = await Promise.all([responds().then(() => performance.now() - startedAt), started]);
  await runCommand(workspace.candle(['kill', 'web']));
  return milliseconds;
}

async function timeBareStart(server: Command, port: string, responds: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(server.file, server.args, { env: { ...server.env, PORT: port }, stdio: 'ignore' });
  const ended = once(child, 'exit');
  try {
    await responds();
    return performance.now() - startedAt;
  } finally {
    child.kill();
    await ended;
  }
}
