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

test('closing a sandbox stops its services and supervisor and removes its files', async () => {
  const box = await openSandbox({ plugin, config: { services: [{ name: 'api', shell: 'sleep 600' }] } });
  const { services } = (await box.run(['start', '--json'])).json;
  const supervisor = join(box.root, 'state', 'supervisor.json');
  await until('the supervisor has started', () => existsSync(supervisor));
  const { pid } = JSON.parse(readFileSync(supervisor, 'utf8'));
  await box.close();
  // An exited process still exists as a zombie until its parent reaps it.
  await until('the service has ended', () => !isAlive(services[0].pid));
  expect(existsSync(box.root)).toBe(false);
  await until('the supervisor has exited', () => !isAlive(pid));
});

test('without an installed Candle, the error says what to install', async () => {
  const root = mkdtempSync(join(tmpdir(), 'no-candle-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  await expect(openSandbox({ plugin: root })).rejects.toThrow('npm install --save-dev @candle/cli');
});
