import { type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { isFree, listen } from '../test/listeners.ts';
import type { Attempt } from './cases.ts';
import { type AttemptResult, writtenFor } from './result.ts';

/** They would send something, ask something or wait for something. */
const quiet = {
  ASTRO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  TURBO_TELEMETRY_DISABLED: '1',
};

/** Starts the service as the attempt has it, looks where it listens and what Candle says, asks it by HTTP, and ends it. */
export async function tryAttempt(box: Sandbox, attempt: Attempt): Promise<AttemptResult> {
  for (const [path, text] of Object.entries(attempt.changed?.files ?? {})) box.writeFile(path, text);
  box.writeConfig({ services: [{ name: 'web', shell: attempt.shell, ...attempt.config }] });
  const { port: reserved } = await box.candleJson(['get-or-reserve-port', 'web']);
  const expected = attempt.listensOn === 'reserved' ? reserved : attempt.listensOn;

  const { stderr, exitCode } = await box.candle(['start', 'web'], { env: quiet });
  expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 });
  if (expected === 'nothing') {
    expect(await portsOf(box, 'web')).toEqual([]);
  } else {
    const listensOn = await until('it listens', () => listeningPorts(box, 'web'), logsOf(box, 'web'));
    expect(listensOn).toEqual([expected]);
    await until('it answers', () => answers(expected), logsOf(box, 'web'));
  }
  await end(box, 'web', expected);

  return {
    ...writtenFor(attempt),
    listensOn: attempt.listensOn,
    said: stderr.trim().split('\n').filter(Boolean),
    whenTaken: attempt.whenTaken === undefined ? undefined : await whenTaken(box, attempt, expected),
  };
}

/**
 * What the framework does by itself when another program has the number: Candle would not start a service whose reserved
 * number is taken, so this one has none, and PORT from the environment.
 */
async function whenTaken(box: Sandbox, { shell, whenTaken: expected }: Attempt, number: number) {
  const holder = await listen({ port: number, host: '::' });
  const env = { ...quiet, PORT: String(number) };
  await box.candle(['start', 'taken', '--shell', shell], { env });
  const seen = await until(
    'it listens or has ended',
    async () => {
      const [service] = (await box.candleJson(['list', 'taken'])).services;
      return service.running ? await listeningPorts(box, 'taken') : ('ends' as const);
    },
    logsOf(box, 'taken'),
  );
  await end(box, 'taken', seen === 'ends' ? 'nothing' : seen[0]);
  holder.close();
  expect(seen).toEqual(expected === 'ends' ? 'ends' : [number + Number(expected)]);
  return expected;
}

async function portsOf(box: Sandbox, name: string): Promise<number[]> {
  const { ports } = await box.candleJson(['list-ports', name]);
  return ports.map(({ port }: { port: number }) => port);
}

async function listeningPorts(box: Sandbox, name: string): Promise<number[] | undefined> {
  const ports = await portsOf(box, name);
  return ports.length > 0 ? ports : undefined;
}

/** The first page of some is built when it is asked for. */
async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://localhost:${port}/`)).status === 200;
  } catch {
    return false;
  }
}

/**
 * With all that it has started, and its port is free again. What Next.js starts at its end in a session of its own, to tell
 * its makers of it, is a bystander and ends by itself.
 */
async function end(box: Sandbox, name: string, port: number | 'nothing' | undefined): Promise<void> {
  expect(await box.candle(['kill', name])).toMatchObject({ exitCode: 0 });
  const left = () => JSON.stringify(box.processes());
  await until('nothing of it is left', () => box.processes().length === 0, { explain: left });
  if (typeof port === 'number') expect(await isFree(port)).toBe(true);
}

function logsOf(box: Sandbox, name: string) {
  return { timeoutMs: 60_000, explain: async () => (await box.candle(['logs', name])).stdout };
}
