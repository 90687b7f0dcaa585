import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inSandbox, refusal } from '../bad-input/refusal.ts';
import { bin, sandbox } from '../sandbox.ts';

const config = { services: [{ name: 'api', shell: 'exec sleep 600' }] };
const terminal = fileURLToPath(new URL('../fixtures/run-in-terminal.py', import.meta.url));

/** Runs erase-database in a terminal with this answer, and returns what the terminal showed. */
function eraseInTerminal(box: Sandbox, answer: string): Promise<{ shown: string; exitCode: number }> {
  return new Promise((resolve) => {
    const line = `printf '${answer}\\n' | script -qec "'${process.execPath}' '${bin}' erase-database" /dev/null`;
    execFile('sh', ['-c', line], { cwd: box.projectDir, env: { ...box.env, TERM: 'dumb' } }, (error, stdout) =>
      resolve({ shown: stdout, exitCode: typeof error?.code === 'number' ? error.code : 0 }),
    );
  });
}

test('without a terminal, erase-database requires --force, reports what it would delete, and changes nothing', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  await box.candle(['reserve-port']);
  const { code, message, hint } = await refusal(inSandbox(box), ['erase-database']);
  expect([code, hint]).toEqual([
    'ERASE_NOT_CONFIRMED',
    'To erase it without confirmation: candle erase-database --force',
  ]);
  expect(message).toContain(`2 reservations of 1 project and all stored output in ${box.stateDir}`);
  expect((await box.candleJson(['list-reserved-ports'])).ports).toHaveLength(2);
});

test('erase-database --force deletes everything, including the state directory', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  await box.candle(['start', 'api', '--bg']);
  await box.candle(['kill']);
  expect(await box.candleJson(['erase-database', '--force'])).toEqual({
    stateDir: box.stateDir,
    erased: true,
    reservationCount: 1,
    projectCount: 1,
    keptNames: [],
  });
  expect(existsSync(box.stateDir)).toBe(false);
  expect(await box.candle(['ps'])).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await box.candleJson(['list-reserved-ports'])).ports).toEqual([]);
});

test('while services run, erase-database fails, lists them and prints the command that stops them', async () => {
  const box = sandbox({ config });
  await box.candle(['start', 'api', '--bg']);
  const { code, message, hint } = await refusal(inSandbox(box), ['erase-database', '--force']);
  expect([code, hint]).toEqual(['ERASE_WHILE_RUNNING', 'To stop all services: candle kill-all']);
  expect(message).toContain(`'api' of ${box.projectDir}`);
  expect((await box.candleJson(['ps'])).services).toMatchObject([{ running: true }]);
});

test('files that Candle did not create are kept, and so are the directories that contain them', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  writeFileSync(join(box.stateDir, 'diary.txt'), 'mine');
  mkdirSync(join(box.stateDir, 'runs'));
  writeFileSync(join(box.stateDir, 'runs', 'notes'), 'mine');
  const { stderr } = await box.candle(['erase-database', '--force']);
  expect(stderr).toBe('Not deleted because Candle did not create it: diary.txt, runs\n');
  expect(readdirSync(box.stateDir).toSorted()).toEqual(['diary.txt', 'runs']);
});

test('a damaged database can be erased, including the copy that was set aside', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  writeFileSync(join(box.stateDir, 'state.db'), 'damaged');
  expect((await box.candle(['erase-database', '--force'])).exitCode).toBe(0);
  expect(existsSync(box.stateDir)).toBe(false);
});

test('without a state directory, nothing is created or erased', async () => {
  const box = sandbox({ config });
  expect(await box.candleJson(['erase-database'])).toMatchObject({ erased: false, reservationCount: 0 });
  expect(existsSync(box.stateDir)).toBe(false);
});

test.for([
  ['n', 'Nothing was erased', 1],
  ['', 'Nothing was erased', 1],
  ['yes', 'Erased 1 reservation of 1 project', 0],
] as const)(
  'on a terminal, erase-database asks for confirmation; the answer is %j',
  async ([answer, outcome, left]) => {
    const box = sandbox({ config });
    await box.candle(['reserve-port', 'api']);
    const { shown, exitCode } = await eraseInTerminal(box, answer);
    expect(exitCode).toBe(0);
    expect(shown).toContain(
      `This deletes 1 reservation of 1 project and all stored output in ${box.stateDir}. Continue? [y/N]`,
    );
    expect(shown).toContain(outcome);
    expect((await box.candleJson(['list-reserved-ports'])).ports).toHaveLength(left);
  },
);

test('Ctrl-C at the prompt exits with 130 and erases nothing', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  const line = [terminal, '[y/N]', 'interrupt', process.execPath, bin, 'erase-database'];
  const exitCode = await new Promise((resolve) => {
    execFile('python3', line, { cwd: box.projectDir, env: box.env }, (error) => resolve(error?.code ?? 0));
  });
  expect(exitCode).toBe(130);
  expect((await box.candleJson(['list-reserved-ports'])).ports).toHaveLength(1);
});
