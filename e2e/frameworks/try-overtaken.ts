import { rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { listen } from '../test/listeners.ts';
import type { Attempt } from './framework-case.ts';
import { awaitAnswer, end, portMessages, quiet, serviceOf } from './observe.ts';
import { type AttemptResult, writtenFor } from './result.ts';

/**
 * The port is free when Candle checks it, and taken when the service wants to listen. Candle reports who uses it, and
 * both fixes, `--move` and a restart, result in a service that listens on its reserved port.
 */
export async function tryOvertaken(box: Sandbox, attempt: Attempt): Promise<AttemptResult> {
  box.writeConfig({ services: [{ name: 'web', shell: attempt.shell, port: 'auto' }] });
  const { owner, reserved, stderr } = await overtake(box);
  const seen = await awaitAnswer(box, 'web');
  expect(seen).toEqual([attempt.listensOn]);
  const { portCheck } = await serviceOf(box, 'web');
  expect(portCheck).toMatchObject({ status: 'conflict', listensOn: seen, owner: { pid: process.pid } });
  expect(stderr).toContain(portCheck.fix);

  expect(portCheck.fix).toContain('candle start web --move');
  expect(await box.candle(['start', 'web', '--move'], { env: quiet })).toMatchObject({ exitCode: 0 });
  const moved = await serviceOf(box, 'web');
  expect(moved.portCheck).toMatchObject({ status: 'ok', listensOn: [moved.port] });
  expect(moved.port).not.toBe(reserved);

  await new Promise((resolve) => owner.close(resolve));
  await tryAfterPortIsFree(box);
  const messages = portMessages(stderr).map((line) => line.replace(/by .* \(pid \d+\)/, 'by … (pid …)'));
  return { written: writtenFor(attempt), listensOn: attempt.listensOn, whenTaken: undefined, messages };
}

/** The other program has freed the port, but the service does not notice: a restart fixes it. */
async function tryAfterPortIsFree(box: Sandbox): Promise<void> {
  const { owner, reserved } = await overtake(box);
  await new Promise((resolve) => owner.close(resolve));
  const { portCheck } = await serviceOf(box, 'web');
  expect(portCheck).toMatchObject({
    status: 'wrong-port',
    owner: null,
    fix: expect.stringContaining('candle restart web'),
  });
  await box.candle(['restart', 'web'], { env: quiet });
  expect((await serviceOf(box, 'web')).portCheck).toMatchObject({ status: 'ok', listensOn: [reserved] });
  await end(box, 'web', [reserved]);
}

/** Starts the service, and takes its port before its build finishes. */
async function overtake(box: Sandbox): Promise<{ owner: Server; reserved: number; stderr: string }> {
  rmSync(join(box.projectDir, 'built'), { force: true });
  const before = (await serviceOf(box, 'web')).runId;
  const start = box.candle(['start', 'web'], { env: quiet });
  const service = await until('the service runs', async () => {
    const { running, runId, port } = await serviceOf(box, 'web');
    return running && runId !== before && { port };
  });
  const owner = await listen({ port: service.port, host: '::' });
  box.writeFile('built', '');
  const { stderr, exitCode } = await start;
  expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 });
  return { owner, reserved: service.port, stderr };
}
