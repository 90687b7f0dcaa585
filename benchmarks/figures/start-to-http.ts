import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { takePairs } from '../measure/take-pairs.ts';
import { runCommand } from '../measure/time-command.ts';
import { firstResponse } from '../workbench/first-response.ts';
import type { Place, Workbench } from '../workbench/workbench.ts';
import type { Figure } from './figure.ts';

/** From the spawn (of candle, or of the server itself) to the server's first answer over HTTP. */
export const startToHttp: Figure = {
  title: 'start to first HTTP response',
  baseline: 'bare spawn of the server',
  aim: { extraMs: 250 },
  measure: async ({ rounds, openPlace, server }) => {
    const place = openPlace('start', { services: [{ name: 'web', shell: server.shell }] });
    const port = (await runCommand(place.candle(['get-or-reserve-port', 'web']))).stdout.trim();
    return takePairs(rounds.starts, {
      measured: () => timeCandleStart(place, port),
      baseline: () => timeBareStart(server, port),
    });
  },
};

async function timeCandleStart(place: Place, port: string): Promise<number> {
  const startedAt = performance.now();
  const started = runCommand(place.candle(['start', 'web']));
  const [milliseconds] = await Promise.all([firstResponse(port).then(() => performance.now() - startedAt), started]);
  await runCommand(place.candle(['kill', 'web']));
  return milliseconds;
}

async function timeBareStart({ command }: Workbench['server'], port: string): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(command.file, command.args, { env: { ...command.env, PORT: port }, stdio: 'ignore' });
  const ended = once(child, 'exit');
  try {
    await firstResponse(port);
    return performance.now() - startedAt;
  } finally {
    child.kill();
    await ended;
  }
}
