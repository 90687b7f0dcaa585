import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from './book.ts';
import { checkOutput } from './check-output.ts';
import { bin, type World } from './world.ts';

/** Follows a service's output for a while. It must be complete and in order, whatever is killed in the meantime. */
export async function follow({ box, tally }: World, { service }: Page, forMs: number): Promise<void> {
  const child = spawn(process.execPath, [bin, 'logs', service, '-f', '-n', '0'], {
    cwd: box.projectDir,
    env: box.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const shown: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (bytes) => shown.push(bytes));
  child.stderr.on('data', (bytes) => errors.push(bytes));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  );
  await sleep(forMs);
  child.kill('SIGKILL');
  const end = await ended;
  tally.count('candle logs -f');
  if (end !== 'SIGKILL') return tally.defect(`candle logs ${service} -f ended with ${end}: ${Buffer.concat(errors)}`);
  for (const { runId, text } of byRun(Buffer.concat(shown).toString())) {
    const { problem, first, last } = checkOutput(text, runId);
    tally.count('lines checked', first === undefined || last === undefined ? 0 : last - first + 1);
    if (problem !== undefined) tally.defect(`candle logs ${service} -f: ${problem}`);
  }
}

/**
 * Splits followed output by run. If output is evicted before `logs -f` has read it, a mark shows the gap, and a new part
 * begins there.
 */
function byRun(text: string): readonly { runId: string; text: string }[] {
  const parts: { runId: string; lines: string[] }[] = [];
  const lines = text.split('\n');
  // The command was killed while it wrote this line.
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
