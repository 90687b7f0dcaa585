import { type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { listen } from '../test/listeners.ts';
import type { Attempt } from './framework-case.ts';
import { awaitAnswer, end, nonEmpty, portMessages, portsOf, quiet, serviceOf } from './observe.ts';
import { type AttemptResult, writtenFor } from './result.ts';

/**
 * Starts the service as the attempt describes it, and checks where it listens, what Candle prints about that, and whether
 * it answers. Then kills it, and starts its command again while another program uses the port.
 */
export async function tryAttempt(box: Sandbox, attempt: Attempt): Promise<AttemptResult> {
  for (const [path, text] of Object.entries(attempt.changed?.files ?? {})) box.writeFile(path, text);
  box.writeConfig({ services: [{ name: 'web', shell: attempt.shell, port: 'auto', ...attempt.config }] });
  const { seen, messages, portCheck, port } = await startInTime(box, attempt);
  expect({ seen, portCheck, messages }).toMatchObject(expectedFor(attempt, port));
  // After the line with the problem, stderr shows the same fix as the JSON.
  expect(messages.slice(1).join('\n')).toBe(portCheck.fix ?? '');
  await end(box, 'web', seen);

  const whenTaken = attempt.whenTaken === undefined ? undefined : await tryWhenTaken(box, attempt, seen[0] ?? 0);
  return { written: writtenFor(attempt), listensOn: attempt.listensOn, whenTaken, messages };
}

/**
 * Starts the service, up to three times: the first start of some frameworks takes longer than `candle start` waits for
 * the port, and its message then describes an intermediate state.
 */
async function startInTime(box: Sandbox, attempt: Attempt) {
  for (let left = 2; ; left--) {
    const { stderr, exitCode } = await box.candle(['start', 'web'], { env: quiet });
    expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 });
    const seen = attempt.listensOn === 'nothing' ? [] : await awaitAnswer(box, 'web');
    const messages = portMessages(stderr);
    const { portCheck, port } = await serviceOf(box, 'web');
    const isInTime = messages.slice(1).join('\n') === (portCheck.fix ?? '');
    if (isInTime || left === 0) return { seen, messages, portCheck, port };
  }
}

function expectedFor({ listensOn, config }: Attempt, reserved: number) {
  if (listensOn === 'nothing') {
    const fix = config?.ready === false ? null : expect.any(String);
    return { seen: [], portCheck: { status: 'not-listening', listensOn: [], owner: null, fix } };
  }
  if (listensOn === 'reserved') {
    return { seen: [reserved], portCheck: { status: 'ok', listensOn: [reserved], fix: null }, messages: [] };
  }
  const portCheck = { status: 'wrong-port', listensOn: [listensOn], owner: null, fix: expect.any(String) };
  return { seen: [listensOn], portCheck };
}

/**
 * Checks what the framework does if another program uses the port. Candle refuses to start a service whose reserved port
 * is in use, so this service has no reservation and gets PORT from the environment.
 */
async function tryWhenTaken(box: Sandbox, attempt: Attempt, port: number): Promise<Attempt['whenTaken']> {
  const owner = await listen({ port, host: '::' });
  await box.candle(['start', 'taken', '--shell', attempt.shell], { env: { ...quiet, PORT: String(port) } });
  const explain = async () => (await box.candle(['logs', 'taken'])).stdout;
  const seen = await until(
    'the service listens or has ended',
    async () =>
      (await nonEmpty(await portsOf(box, 'taken'))) ?? ((await serviceOf(box, 'taken')).running ? false : 'ends'),
    { explain },
  );
  expect(seen).toEqual(attempt.whenTaken === 'ends' ? 'ends' : [port + Number(attempt.whenTaken)]);
  await end(box, 'taken', seen === 'ends' ? [] : seen);
  owner.close();
  return attempt.whenTaken;
}
