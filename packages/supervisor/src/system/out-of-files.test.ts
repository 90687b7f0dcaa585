import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

/** Runs in a process that has all files open that it may open, beside the run of a live shim. */
const program = `
  const { openSync } = await import('node:fs');
  const { isShimAlive, listRunIds, readRecord, runDir } = await import('@candle/core/runs');
  const { createLinuxProcessTable } = await import(process.argv[1]);
  const table = createLinuxProcessTable();
  const [, , stateDir, id] = process.argv;
  const dir = runDir(stateDir, id);
  const questions = {
    identify: () => table.identify(process.pid),
    listening: () => table.listening(),
    isShimAlive: () => isShimAlive(dir),
    readRecord: () => readRecord(dir.pid),
    listRunIds: () => listRunIds(stateDir),
  };
  const shim = openSync(dir.exitPipe, 'r+');
  const ask = (question) => { try { return JSON.stringify(question()) !== undefined; } catch (error) { return error.code; } };
  const before = Object.values(questions).map(ask);
  try { for (;;) openSync('/dev/null', 'r'); } catch {}
  console.log(JSON.stringify({ before, answers: Object.fromEntries(Object.entries(questions).map(([name, question]) => [name, ask(question)])) }));
`;

test.skipIf(process.platform !== 'linux')(
  'without a free file handle, no running process and no file is taken for missing',
  () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'candle-files-'));
    onTestFinished(() => rmSync(stateDir, { recursive: true }));
    const id = 'mwrxabcd-0123456789ab';
    const dir = join(stateDir, 'runs', id);
    execFileSync('mkdir', ['-p', dir]);
    execFileSync('sh', ['-c', 'mkfifo "$0/exit-pipe"; echo 1 > "$0/pid"', dir]);
    const table = join(import.meta.dirname, 'linux-process-table.ts');
    const node = ['--conditions=@candle/source', '--input-type=module', '-e', program, table, stateDir, id];
    const printed = execFileSync('sh', ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, ...node], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    });
    const { before, answers } = JSON.parse(printed);
    expect(before).toEqual(before.map(() => true));
    expect(answers).toEqual(Object.fromEntries(Object.keys(answers).map((name) => [name, 'EMFILE'])));
  },
);
