import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, until } from '@candle/test-kit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeServer } from '../init/projects.ts';
import { bin, sandbox } from '../sandbox.ts';

type Interruption = 'SIGINT' | 'SIGKILL';

/** Signals at random moments of `up --yes`, from its first lines of code to the time when all services run. */
const interruptions = fc.record({
  signal: fc.constantFrom<Interruption>('SIGINT', 'SIGKILL'),
  afterMs: fc.integer({ min: 50, max: 1_500 }),
});

/** Starts `up --yes`, sends the signal, and waits until the command has ended. */
async function interruptUp(box: Sandbox, { signal, afterMs }: { signal: Interruption; afterMs: number }) {
  const up = spawn(process.execPath, [bin, 'up', '--yes'], { cwd: box.projectDir, env: box.env, stdio: 'ignore' });
  const ended = new Promise((resolve) => up.once('close', resolve));
  await Promise.race([sleep(afterMs), ended]);
  up.kill(signal);
  await ended;
}

/** Checks that all services run, each as one process. */
async function expectComplete(box: Sandbox): Promise<void> {
  const { services } = await box.candleJson(['list']);
  const running = services.filter(({ running }: { running: boolean }) => running);
  expect(running.map(({ name }: { name: string }) => name).toSorted()).toEqual(['api', 'web']);
  const programs = box.processes().filter(({ command }) => /^node server\.js/.test(command));
  expect(programs, JSON.stringify(box.processes())).toHaveLength(2);
}

async function stopAll(box: Sandbox): Promise<void> {
  expect((await box.candle(['down'])).exitCode).toBe(0);
  await until('all processes have ended', () => box.processes().length === 0);
}

/** Two packages, and nothing that Candle has written. */
function unconfigured(): Sandbox {
  const box = sandbox();
  writeServer(box, 'web');
  writeServer(box, 'api');
  return box;
}

/** A setup that is noticed if it is not complete, or runs twice at the same time. */
const setup = `const fs = require('node:fs');
fs.mkdirSync('installing');
setTimeout(() => {
  fs.writeFileSync('installed', '');
  fs.rmdirSync('installing');
}, 300);
`;

function configured(): Sandbox {
  const box = unconfigured();
  box.writeFile('setup.js', setup);
  const service = { shell: 'test -e ../installed && exec node server.js', port: 'auto' };
  box.writeConfig({
    setup: { run: 'rm -rf installing; node setup.js', inputs: ['setup.js'] },
    services: { api: { ...service, root: 'api' }, web: { ...service, root: 'web', dependsOn: 'api' } },
  });
  return box;
}

test.each([
  ['without a configuration', unconfigured],
  ['with a configuration and a setup', configured],
])('%s, up completes what an interrupted up has begun', { timeout: 180_000 }, async (_, open) => {
  await fc.assert(
    fc.asyncProperty(fc.array(interruptions, { minLength: 1, maxLength: 2 }), async (series) => {
      const box = open();
      for (const interruption of series) await interruptUp(box, interruption);
      const { exitCode, stdout, stderr } = await box.candle(['up', '--yes', '--detach']);
      expect(exitCode, `${stdout}${stderr}`).toBe(0);
      await expectComplete(box);
      await stopAll(box);
    }),
    { numRuns: 3, endOnFailure: true },
  );
});

test('of many up --yes at once, some of which are killed, the others write one file and start each service once', {
  timeout: 120_000,
}, async () => {
  const box = unconfigured();
  const killed = [200, 500, 800, 1_200].map((afterMs) => interruptUp(box, { signal: 'SIGKILL', afterMs }));
  const others = Array.from({ length: 8 }, () => box.candle(['up', '--yes', '--detach']));
  for (const { exitCode, stdout, stderr } of await Promise.all(others)) expect(exitCode, stdout + stderr).toBe(0);
  await Promise.all(killed);
  await expectComplete(box);
  const { services } = JSON.parse(readFileSync(join(box.projectDir, '.candle.json'), 'utf8'));
  expect(services).toHaveLength(2);
});

test('sixteen up --yes at once, with a configuration and a setup, run the setup once and start each service once', {
  timeout: 120_000,
}, async () => {
  const box = configured();
  const all = await Promise.all(Array.from({ length: 16 }, () => box.candle(['up', '--yes', '--detach'])));
  for (const { exitCode, stdout, stderr } of all) expect(exitCode, stdout + stderr).toBe(0);
  await expectComplete(box);
});
