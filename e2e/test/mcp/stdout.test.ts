import { fileURLToPath } from 'node:url';
import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';
import { handshake, messagesOf, startRawServer, toolCall } from './raw-server.ts';

const careless = fileURLToPath(new URL('../fixtures/careless-dependency.mjs', import.meta.url));

test('Code in the server that prints to stdout, throws and rejects appears only on stderr; the server continues and exits normally', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('idles.mjs'), ready: false }] } });
  const server = startRawServer(box, { env: { NODE_OPTIONS: `--import ${careless}` } });
  server.send(...handshake, toolCall(100, 'StartService', { name: 'api' }));
  expect(await server.responseTo(100)).toMatchObject({
    result: { structuredContent: { services: [{ name: 'api' }] } },
  });
  await until('the code has misbehaved twice', () => server.output.stderr.includes('thrown 2'));
  server.send(toolCall(101, 'ListServices'), toolCall(102, 'KillService', { name: 'api' }));
  await Promise.all([server.responseTo(101), server.responseTo(102)]);
  server.child.stdin.end();
  expect(await server.exitCode()).toBe(0);
  expect(messagesOf(server.output.stdout).map(({ id }) => id)).toEqual([
    'open',
    100,
    expect.any(Number),
    expect.any(Number),
  ]);
  for (const expected of [
    'console.log 1\n',
    'console.info\n',
    '"result":"forged"',
    'An error was not caught; the server continues. This is a bug: Error: thrown 1\n',
    'A promise rejection was not handled; the server continues. This is a bug: Error: rejected 1\n',
  ]) {
    expect(server.output.stderr).toContain(expected);
  }
});
