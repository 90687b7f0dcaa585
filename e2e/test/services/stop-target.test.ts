import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { sandbox } from '../sandbox.ts';
import { program } from './programs.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const countsSignals = pathOf('counts-signals.mjs');
const stopped = { stdout: "[Stopped process 'api']\n", exitCode: 0 };

async function started(service: Record<string, unknown>, scripts: Record<string, string> = {}): Promise<Sandbox> {
  const box = sandbox({ config: { services: [{ name: 'api', ready: false, ...service }] } });
  box.writeFile('package.json', JSON.stringify({ scripts }));
  box.writeFile('nested.sh', `sh -c "${passesOn}; :"\n`);
  expect((await box.candle(['start'])).exitCode).toBe(0);
  await untilUp(box);
  return box;
}

async function untilUp(box: Sandbox): Promise<void> {
  await until('it is running', async () => ['up', 'ready'].includes((await linesOf(box)).at(-1) ?? ''));
}

async function linesOf(box: Sandbox): Promise<string[]> {
  return (await box.candle(['logs', 'api'])).stdout
    .split('\n')
    .filter((line) => !line.startsWith('---') && line !== '');
}

const exitCodeOf = async (box: Sandbox) => (await box.candleJson(['list'])).services[0].exitCode;

const passesOn = program('passes-signals-on.mjs', countsSignals);

inPart(1).each([
  ['itself', passesOn],
  ['below nested shells', 'sh nested.sh; :'],
  ['below npm run', 'npm run --silent dev'],
  ['below npm run in npm run', 'npm run --silent outer'],
])('with "stopTarget": "main", only the main process gets the signal: the command %s', async (_, shell) => {
  const scripts = { dev: passesOn, outer: 'npm run --silent dev' };
  const box = await started({ shell, stopTarget: 'main' }, scripts);
  // The same process is the one that users see.
  const [{ pid }] = (await box.candleJson(['list'])).services;
  expect(box.processes().find((process) => process.pid === pid)?.command).toMatch(/^\S*node .*passes-signals-on\.mjs/);
  expect((await box.candle(['check-start'])).stdout).toContain(`[Already running: 'api', pid ${pid}]`);
  expect(await box.candle(['kill'])).toMatchObject(stopped);
  expect(await linesOf(box)).toEqual(['up', 'SIGTERM']);
  expect(box.processes()).toEqual([]);
});

test('the exit code is that of the main process', async () => {
  const box = await started({ shell: passesOn, stopTarget: 'main' });
  await box.candle(['kill']);
  expect(await exitCodeOf(box)).toBe(41);
});

test('without stopTarget, a program that passes the signal on and its child both get it', async () => {
  const box = await started({ shell: program('passes-signals-on.mjs', pathOf('ends-at-second-sigterm.mjs')) });
  expect((await box.candleJson(['kill'])).services).toMatchObject([{ stopped: true, forced: false }]);
  expect(await linesOf(box)).toEqual(['ready', 'asked 1', 'asked 2']);
});

test('the processes that the main process leaves get the signal after it has ended', async () => {
  const parent = `require('child_process').spawn(process.execPath, ['${countsSignals}'], { stdio: 'inherit' }); process.on('SIGTERM', () => process.exit(7))`;
  const box = await started({ shell: `node -e "${parent}"`, stopTarget: 'main' });
  expect(await box.candle(['kill'])).toMatchObject(stopped);
  expect(await linesOf(box)).toEqual(['up', 'SIGTERM']);
  expect(await exitCodeOf(box)).toBe(7);
  expect(box.processes()).toEqual([]);
});

test('all processes get the signal after half of stopTimeout, and SIGKILL at its end', async () => {
  const parent = `require('child_process').spawn(process.execPath, ['${countsSignals}'], { stdio: 'inherit' }); process.on('SIGTERM', () => console.log('ignored')); setInterval(() => {}, 1000)`;
  const box = await started({ shell: `node -e "${parent}"`, stopTarget: 'main', stopTimeout: '3s' });
  expect((await box.candleJson(['kill'])).services).toMatchObject([{ stopped: true, forced: true }]);
  expect((await linesOf(box)).toSorted()).toEqual(['Killed', 'SIGTERM', 'ignored', 'ignored', 'up']);
  expect(box.processes()).toEqual([]);
});

inPart(1).each([
  ['a pipeline', `node ${countsSignals} | (trap '' TERM; cat)`],
  ['two children', `node ${countsSignals} & node -e "setInterval(() => {}, 1000)" & wait`],
])('%s has no main process: the start says so, and all processes get the signal', async (_, shell) => {
  const box = sandbox({ config: { services: [{ name: 'api', ready: false, shell, stopTarget: 'main' }] } });
  const note =
    'Service \'api\' has no single main process, so a stop signals all of its processes, as with "stopTarget": "tree"';
  expect((await box.candle(['start'])).stderr).toContain(note);
  await untilUp(box);
  expect((await box.candle(['up'])).stderr).not.toContain(note);
  const { services } = await box.candleJson(['restart']);
  const [shim] = box.processes().filter(({ command }) => command.includes('/shim.sh'));
  expect(services).toMatchObject([{ stopTarget: 'tree', pid: shim?.pid }]);
  await untilUp(box);
  expect(await box.candle(['kill'])).toMatchObject(stopped);
  expect((await linesOf(box)).filter((line) => line.startsWith('SIG'))).toEqual(['SIGTERM', 'SIGTERM']);
  expect(box.processes()).toEqual([]);
});

test('rejects another stopTarget and names the valid ones', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'sleep 1', stopTarget: 'group' }] } });
  const { stderr, exitCode } = await box.candle(['start']);
  expect(stderr).toContain('services[0].stopTarget: must be tree or main');
  expect(exitCode).toBe(1);
});

inPart(1).each([
  ['a script', 'sh run.sh'],
  ['the command itself', '. ./run.sh'],
  ['a script whose child waits', 'sh outer.sh'],
])('what the trap of %s starts does not get the signal again', async (_, shell) => {
  const trap = `trap 'sh -c "sleep 1; echo cleaned > done"; exit 0' TERM`;
  const box = sandbox({ config: { services: [{ name: 'api', shell, ready: false }] } });
  box.writeFile('run.sh', `${trap}\necho up\nread x\n`);
  box.writeFile('inner.sh', 'echo up\nread x\n');
  box.writeFile('outer.sh', `${trap}\nsh inner.sh\n`);
  await box.candle(['start']);
  await untilUp(box);
  expect(await box.candle(['kill'])).toMatchObject(stopped);
  expect(readFileSync(join(box.projectDir, 'done'), 'utf8')).toBe('cleaned\n');
  expect(await exitCodeOf(box)).toBe(0);
});
