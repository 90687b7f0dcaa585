import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { runProgram } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { sandbox } from '../sandbox.ts';

const shop = join(import.meta.dirname, '..', '..', '..', 'examples', 'shop');

/** Runs the demo as its script does, with the directory `first` at the beginning of PATH. */
function runDemo(env: Readonly<Record<string, string>>, first = join(shop, 'node_modules', '.bin')) {
  const path = `${first}:${env.PATH}`;
  return runProgram(process.execPath, [join(shop, 'demo.ts')], { cwd: shop, env: { ...env, PATH: path } });
}

test('the demo passes twice in a row, even if another program uses its first port', async () => {
  const { env, processes } = sandbox();
  const first = await runDemo(env);
  expect(first.stderr).toBe('');
  expect(first.exitCode).toBe(0);
  const port = Number(/^api +started .*:(\d+)$/m.exec(first.stdout)?.[1]);

  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(port, resolve));
  onTestFinished(() => void listener.close());
  const second = await runDemo(env);
  expect(second.exitCode).toBe(0);
  expect(second.stdout).toContain('# Done');
  expect(second.stdout).not.toContain(`:${port}\n`);
  expect(processes()).toEqual([]);
});

test('the demo fails if Candle prints the same port for two services', async () => {
  const { env, root } = sandbox();
  const fakeCandle = join(root, 'candle');
  writeFileSync(fakeCandle, '#!/bin/sh\necho 4000\n');
  chmodSync(fakeCandle, 0o755);
  const { exitCode, stderr } = await runDemo(env, root);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('Check failed: the two ports are different');
});
