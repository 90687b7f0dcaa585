import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCandle } from '@candle/core/candle';
import { expect, onTestFinished, test } from 'vitest';
import { superviseWith } from '../supervision.ts';
import { findPortOwners } from './find-port-owners.ts';

async function listener() {
  const program = "const s = require('net').createServer().listen(0, () => console.log(s.address().port))";
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [printed] = await once(child.stdout, 'data');
  return { child, port: Number(String(printed)) };
}

test('a service that stops while its port is being inspected is not mistaken for a foreign process', async () => {
  const { child, port } = await listener();
  const stateDir = mkdtempSync(join(tmpdir(), 'candle-owners-'));
  const candle = openCandle(stateDir);
  onTestFinished(() => {
    candle.store.close();
    rmSync(stateDir, { recursive: true });
  });
  const supervision = await superviseWith(candle, { callerEnv: {} });
  expect(await findPortOwners(supervision, [port])).toMatchObject([{ port, pid: child.pid, service: null }]);

  const { store } = supervision;
  const listActive = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    return [];
  };
  const late = { ...supervision, store: { ...store, runs: { ...store.runs, listActive } } };
  expect(await findPortOwners(late, [port])).toEqual([]);
});
