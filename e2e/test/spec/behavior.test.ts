import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { freePorts } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';

const config = { services: [] };

/** The reserved ports of the project, newest first. */
async function reserved(box: Sandbox): Promise<[number, string | null][]> {
  const { ports } = await box.candleJson(['list-reserved-ports']);
  return ports.map(({ port, serviceName }: { port: number; serviceName: string | null }) => [port, serviceName]);
}

test('Each service can only have one reserved port', async () => {
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  await box.candle(['reserve-port', 'api']);
  await box.candle(['get-or-reserve-port', 'api']);
  expect(await reserved(box)).toEqual([[port, 'api']]);
});

test('Attempting to reserve a port for a service that already has one will result in an error', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  expect(await box.candle(['reserve-port', 'api'])).toMatchObject({
    stdout: '',
    stderr: expect.stringMatching(/^Error: /),
    exitCode: 1,
  });
});

test('Project-level ports (without a service name) can be reserved multiple times', async () => {
  const box = sandbox({ config });
  const [first, second, third] = await freePorts(3);
  for (let times = 0; times < 3; times++) expect((await box.candle(['reserve-port'])).exitCode).toBe(0);
  expect(await reserved(box)).toEqual([
    [third, null],
    [second, null],
    [first, null],
  ]);
});

test('Reserved ports persist across restarts until explicitly released', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('listens.mjs') }] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  for (const command of [['start', 'api'], ['restart', 'api'], ['kill', 'api'], ['kill-all'], ['start', 'api']]) {
    expect(await box.candle(command)).toMatchObject({ exitCode: 0 });
    expect(await reserved(box)).toEqual([[port, 'api']]);
  }
  expect((await box.candle(['release-ports', 'api'])).exitCode).toBe(0);
  expect(await reserved(box)).toEqual([]);
});
