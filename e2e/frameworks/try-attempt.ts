import { type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { listen } from '../test/listeners.ts';
import type { Attempt } from './framework-case.ts';
import { awaitAnswer, end, nonEmpty, portsOf, quiet, serviceOf, toldOfPort } from './observe.ts';
import { type AttemptResult, writtenFor } from './result.ts';

/**
 * Starts the service as the attempt has it; looks where it listens, what Candle says of that, and whether it answers; ends
 * it; and takes its number away.
 */
export async function tryAttempt(box: Sandbox, attempt: Attempt): Promise<AttemptResult> {
  for (const [path, text] of Object.entries(attempt.changed?.files ?? {})) box.writeFile(path, text);
  box.writeConfig({ services: [{ name: 'web', shell: attempt.shell, port: 'auto', ...attempt.config }] });
  const { seen, said, portCheck, port } = await startInTime(box, attempt);
  expect({ seen, portCheck, said }).toMatchObject(promised(attempt, port));
  // Beside the first line of what is wrong, people get the remedy that programs get.
  expect(said.slice(1).join('\n')).toBe(portCheck.fix ?? '');
  await end(box, 'web', seen);

  const whenTaken = attempt.whenTaken === undefined ? undefined : await takeAway(box, attempt, seen[0] ?? 0);
  return { written: writtenFor(attempt), listensOn: attempt.listensOn, whenTaken, said };
}

/** Started for the first time, some take longer than `candle start` waits, which then tells what is so by then. */
async function startInTime(box: Sandbox, attempt: Attempt) {
  for (let left = 2; ; left--) {
    const { stderr, exitCode } = await box.candle(['start', 'web'], { env: quiet });
    expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 });
    const seen = attempt.listensOn === 'nothing' ? [] : await awaitAnswer(box, 'web');
    const said = toldOfPort(stderr);
    const { portCheck, port } = await serviceOf(box, 'web');
    const isInTime = said.slice(1).join('\n') === (portCheck.fix ?? '');
    if (isInTime || left === 0) return { seen, said, portCheck, port };
  }
}

function promised({ listensOn, config }: Attempt, reserved: number) {
  if (listensOn === 'nothing') {
    const fix = config?.ready === false ? null : expect.any(String);
    return { seen: [], portCheck: { status: 'not-listening', listensOn: [], owner: null, fix } };
  }
  if (listensOn === 'reserved') {
    return { seen: [reserved], portCheck: { status: 'ok', listensOn: [reserved], fix: null }, said: [] };
  }
  const portCheck = { status: 'wrong-port', listensOn: [listensOn], owner: null, fix: expect.any(String) };
  return { seen: [listensOn], portCheck };
}

/**
 * What the framework does by itself when another program has the number. Candle would not start a service whose reserved
 * number is taken: so this one has none reserved, and PORT from the environment.
 */
async function takeAway(box: Sandbox, attempt: Attempt, number: number): Promise<Attempt['whenTaken']> {
  const owner = await listen({ port: number, host: '::' });
  await box.candle(['start', 'taken', '--shell', attempt.shell], { env: { ...quiet, PORT: String(number) } });
  const explain = async () => (await box.candle(['logs', 'taken'])).stdout;
  const seen = await until(
    'it listens or has ended',
    async () =>
      (await nonEmpty(await portsOf(box, 'taken'))) ?? ((await serviceOf(box, 'taken')).running ? false : 'ends'),
    { explain },
  );
  expect(seen).toEqual(attempt.whenTaken === 'ends' ? 'ends' : [number + Number(attempt.whenTaken)]);
  await end(box, 'taken', seen === 'ends' ? [] : seen);
  owner.close();
  return attempt.whenTaken;
}
