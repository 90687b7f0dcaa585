import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { until } from '@candle/test-kit';
import { checkOutput } from './check-output.ts';
import type { RunChecker } from './check-runs.ts';
import { readSegments } from './kept-files.ts';
import type { World } from './world.ts';

/** The files that remain in the directory of an ended run: no secrets, and no spool. */
const keptNames = ['exit', 'shim.sh', 'in', 'exit-pipe', 'log', 'pid', 'run.json', 'stop'];
/** The files that remain in the state directory when nothing runs. */
const stateNames = [
  'lock.db',
  'runs',
  'state.db',
  'state.db-journal',
  'state.db.commit',
  'state.db.last',
  'supervisor.log',
];
const leavingMs = 60_000;

/** After `kill-all`: no unneeded process, directory or file may remain, and every kept line must still be there. */
export async function checkWhatIsLeft({ box, book, tally }: World, checker: RunChecker): Promise<void> {
  const processes = () => [...box.processes(), ...box.background()];
  await until('all processes have exited by themselves', () => processes().length === 0, {
    timeoutMs: leavingMs,
  }).catch(() => tally.defect(`still running: ${JSON.stringify(processes())}`));
  for (const name of readdirSync(box.stateDir)) {
    if (!stateNames.includes(name)) tally.defect(`left in the state directory: ${name}`);
  }
  const log = readFileSync(join(box.stateDir, 'supervisor.log'), 'utf8').replace(/^Killed\n/gm, '');
  if (log !== '') tally.defect(`supervisor.log: ${log}`);

  const database = new DatabaseSync(join(box.stateDir, 'state.db'));
  const rows = database.prepare('SELECT id, ended_at_ms FROM runs').all();
  database.close();
  for (const { id, ended_at_ms: endedAtMs } of rows) {
    if (endedAtMs === null) tally.defect(`run ${id} has no end in the database`);
  }
  const known = new Set(rows.map(({ id }) => id));
  const runs = join(box.stateDir, 'runs');
  for (const id of readdirSync(runs).filter((name) => name !== 'CACHEDIR.TAG')) {
    tally.count('run directories left');
    if (!known.has(id)) tally.defect(`directory ${id} has no row: ${readdirSync(join(runs, id))}`);
    const extra = readdirSync(join(runs, id)).filter((name) => !keptNames.includes(name));
    if (extra.length > 0) tally.defect(`left of the ended run ${id}: ${extra}`);
    const page = existsSync(join(book.dir, 'pages', id)) ? book.find(id) : undefined;
    if (!page || extra.includes('spool')) continue;
    const { text, problem } = readSegments(join(runs, id));
    if (problem !== undefined) tally.defect(`segments of run ${id}: ${problem}`);
    else checker.verify(page, page, checkOutput(text, id), 'segments at the end');
  }
}
