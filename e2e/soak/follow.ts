import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from './book.ts';
import { checkOutput } from './check-output.ts';
import { bin, type World } from './world.ts';

/** Follows the output of a service for a while: what is shown has to be whole and in order, whoever is killed meanwhile. */
export async function follow({ box, tally }: World, { service }: Page, forMs: number): Promise<void> {
  const child = spawn(process.execPath, [bin, 'logs', service, '-f', '-n', '0'], {
    cwd: box.projectDir,
    env: box.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const shown: Buffer[] = [];
  const said: Buffer[] = [];
  child.stdout.on('data', (bytes) => shown.push(bytes));
  child.stderr.on('data', (bytes) => said.push(bytes));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  );
  await sleep(forMs);
  child.kill('SIGKILL');
  const end = await ended;
  tally.count('candle logs -f');
  if (end !== 'SIGKILL') return tally.fault(`candle logs ${service} -f ended with ${end}: ${Buffer.concat(said)}`);
  for (const { runId, text } of byRun(Buffer.concat(shown).toString())) {
    const { problem, first, last } = checkOutput(text, runId);
    tally.count('lines checked', first === undefined || last === undefined ? 0 : last - first + 1);
    if (problem !== undefined) tally.fault(`candle logs ${service} -f: ${problem}`);
  }
}

/** What follows a lot of output may be left behind by eviction, which is marked: from there it counts anew. */
function byRun(text: string): readonly { runId: string; text: string }[] {
  const parts: { runId: string; lines: string[] }[] = [];
  const lines = text.split('\n');
  // It was killed while it wrote.
  lines.pop();
  for (const line of lines) {
    const runId = /^([0-9a-z]+-[0-9a-f]{12}) \d+ x*\.?$/.exec(line)?.[1];
    const isCut = line.startsWith('--- ') && line.includes('evicted');
    const last = parts.at(-1);
    if (isCut) parts.push({ runId: '', lines: [] });
    else if (last && (runId === undefined || last.runId === runId || last.runId === '')) {
      last.lines.push(line);
      if (last.runId === '' && runId !== undefined) last.runId = runId;
    } else parts.push({ runId: runId ?? '', lines: [line] });
  }
  return parts.flatMap(({ runId, lines }) => (runId === '' ? [] : [{ runId, text: lines.join('\n') }]));
}
