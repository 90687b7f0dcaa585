import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callerTrust } from '../../test/temporary-candle.ts';
import { addService, setupProject } from './edit-config.ts';
import { getConfig } from './read-config.ts';

let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'candle-racers-'));
});

afterEach(() => rm(project, { recursive: true }));

const processCount = 8;
const editsEach = 5;

/** Waits for the start signal so that all racers run at the same time, then adds services and removes every second one. */
const racer = `
const { addService, removeService } = await import(process.argv[1]);
const { trustOf } = await import(new URL('../projects/config-trust.ts', process.argv[1]).href);
const trust = trustOf({}, async () => []);
const [directory, label, count] = process.argv.slice(2);
process.stdout.write('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdin.destroy();
for (let i = 0; i < Number(count); i += 1) {
  await addService(trust, directory, { name: label + '-' + i, shell: 'x' });
  if (i % 2 === 1) await removeService(trust, directory, label + '-' + i);
}
`;

function startRacer(label: string) {
  const module = new URL('./edit-config.ts', import.meta.url).href;
  const parameters = ['--input-type=module', '-e', racer, module, project, label, String(editsEach)];
  const child = spawn(process.execPath, parameters, { stdio: 'pipe' });
  const stderr = text(child.stderr);
  const closed = once(child, 'close').then(async ([code]) => ({ code: Number(code), stderr: await stderr }));
  return { child, ready: once(child.stdout, 'data'), closed };
}

async function race(): Promise<void> {
  const racers = Array.from({ length: processCount }, (_, index) => startRacer(`p${index}`));
  await Promise.all(racers.map(({ ready, closed }) => Promise.race([ready, closed])));
  for (const { child } of racers) child.stdin.write('go');
  for (const { closed } of racers) expect(await closed).toEqual({ code: 0, stderr: '' });
}

function expectedNames(): string[] {
  const kept = Array.from({ length: editsEach }, (_, edit) => edit).filter((edit) => edit % 2 === 0);
  return Array.from({ length: processCount }, (_, index) => kept.map((edit) => `p${index}-${edit}`)).flat();
}

test.each([
  ['without a config', async () => {}],
  ['in an existing config', async () => void (await setupProject(callerTrust, project))],
])('8 processes that edit at the same time lose no changes %s', async (_, prepare) => {
  await prepare();
  await race();
  expect((await getConfig(project, callerTrust)).services.map(({ name }) => name).toSorted()).toEqual(
    expectedNames().toSorted(),
  );
  expect(await readdir(project)).toEqual(['.candle.json']);
});

test('only one of several concurrent setups creates the config, and a service added meanwhile is kept', async () => {
  const setups = Array.from({ length: 10 }, () => setupProject(callerTrust, project));
  const added = await addService(callerTrust, project, { name: 'api', shell: 'x' });
  const created = [added, ...(await Promise.all(setups))].filter((change) => change.created);
  expect(created).toHaveLength(1);
  expect((await getConfig(project, callerTrust)).services.map(({ name }) => name)).toEqual(['api']);
});
