import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSandbox } from '@candle/cli-kit/testing';
import { until } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';

const plugin = join(import.meta.dirname, '../../../examples/plugin-hosts');

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a closed sandbox leaves no service, no supervisor and no file', async () => {
  const box = await openSandbox({ plugin, config: { services: [{ name: 'api', shell: 'sleep 600' }] } });
  const { services } = (await box.run(['start', '--json'])).json;
  const supervisor = join(box.root, 'state', 'supervisor.json');
  await until('there is a supervisor', () => existsSync(supervisor));
  const { pid } = JSON.parse(readFileSync(supervisor, 'utf8'));
  await box.close();
  // What has ended is there until somebody has seen to it.
  await until('the service has ended', () => !isAlive(services[0].pid));
  expect(existsSync(box.root)).toBe(false);
  await until('the supervisor has left', () => !isAlive(pid));
});

test('without a candle to run, it says what to install', async () => {
  const root = mkdtempSync(join(tmpdir(), 'no-candle-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  await expect(openSandbox({ plugin: root })).rejects.toThrow('npm install --save-dev @candle/cli');
});
