import { type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { listen } from '../test/listeners.ts';
import type { Attempt } from './framework-case.ts';
import { awaitAnswer, end, quiet, serviceOf, toldOfPort } from './observe.ts';
import { type AttemptResult, writtenFor } from './result.ts';

/**
 * The number is free when Candle looks, and taken when the service wants it: Candle tells who has it, and both ways out
 * lead to a service on its reserved port.
 */
export async function tryOvertaken(box: Sandbox, attempt: Attempt): Promise<AttemptResult> {
  box.writeConfig({ services: [{ name: 'web', shell: attempt.shell }] });
  const { port: reserved } = await box.candleJson(['get-or-reserve-port', 'web']);
  const start = box.candle(['start', 'web'], { env: quiet });
  await until('it runs', async () => (await serviceOf(box, 'web')).running);
  const holder = await listen({ port: reserved, host: '::' });
  box.writeFile('built', '');
  const { stderr, exitCode } = await start;
  expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 });

  const seen = await awaitAnswer(box, 'web');
  expect(seen).toEqual([attempt.listensOn]);
  const { contract } = await serviceOf(box, 'web');
  expect(contract).toMatchObject({ state: 'held', listensOn: seen, holder: { pid: process.pid } });
  expect(stderr).toContain(contract.remedy);

  // It has gone, and the service does not know: what it needs is another start.
  await new Promise((resolve) => holder.close(resolve));
  const left = (await serviceOf(box, 'web')).contract;
  expect(left).toMatchObject({ state: 'elsewhere', listensOn: seen, holder: null });
  expect(left.remedy).toContain('candle restart web');
  await box.candle(['restart', 'web'], { env: quiet });
  expect((await serviceOf(box, 'web')).contract).toMatchObject({ state: 'honoured', listensOn: [reserved] });
  await end(box, 'web', [reserved]);
  const said = toldOfPort(stderr).map((line) => line.replace(/\(pid \d+\)/, '(pid …)'));
  return { ...writtenFor(attempt), listensOn: attempt.listensOn, whenTaken: undefined, said };
}
