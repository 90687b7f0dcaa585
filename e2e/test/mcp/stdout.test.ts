import { fileURLToPath } from 'node:url';
import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';
import { called, messagesOf, opening, startRawServer } from './raw-server.ts';

const careless = fileURLToPath(new URL('../fixtures/careless-dependency.mjs', import.meta.url));

test('A part that prints to stdout, throws and rejects is heard on stderr only, and the server goes on and then leaves', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('idles.mjs') }] } });
  const server = startRawServer(box, { env: { NODE_OPTIONS: `--import ${careless}` } });
  server.say(...opening, called(100, 'StartService', { name: 'api' }));
  expect(await server.answerTo(100)).toMatchObject({ result: { structuredContent: { services: [{ name: 'api' }] } } });
  await until('it has misbehaved twice', () => server.output.stderr.includes('thrown 2'));
  server.say(called(101, 'ListServices'), called(102, 'KillService', { name: 'api' }));
  await Promise.all([server.answerTo(101), server.answerTo(102)]);
  server.child.stdin.end();
  expect(await server.ended()).toBe(0);
  expect(messagesOf(server.output.stdout).map(({ id }) => id)).toEqual([
    'open',
    100,
    expect.any(Number),
    expect.any(Number),
  ]);
  for (const heard of [
    'console.log 1\n',
    'console.info\n',
    '"result":"forged"',
    'An error was not caught; the server continues. This is a bug: Error: thrown 1\n',
    'A promise rejection was not handled; the server continues. This is a bug: Error: rejected 1\n',
  ]) {
    expect(server.output.stderr).toContain(heard);
  }
});
