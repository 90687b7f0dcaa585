import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { handshake, startRawServer, toolCall } from '../mcp/raw-server.ts';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';
import { awaitSupervisor, killHard } from '../supervisor-of.ts';

/** Takes a backtracking engine longer than the age of the universe. */
const backtracks = { expression: '^(a+)+$', shell: `echo ${'a'.repeat(50)}!; exec sleep 1000` };
/** Takes every engine minutes for all lines together. */
const isCostly = { expression: 'a[ab]{480}c', shell: program('prints-costly-lines.mjs', '--count', 20_000) };
/** Takes the function of Node.js that removes escape sequences a minute. */
const hasOpenSequences = {
  expression: 'z+',
  shell: `node -e "console.log('\\u001b]'.repeat(131072))"; exec sleep 1000`,
};
const cases = [
  ['that backtracks', backtracks],
  ['that is costly for each of many lines', isCostly],
  ['on a line of unfinished escape sequences', hasOpenSequences],
] as const;

const serviceOf = ({ expression, shell }: (typeof cases)[number][1], timeout: string) => ({
  name: 'slow',
  shell,
  ready: { log: expression, regex: true, timeout },
});

/** Starts a service of another project, which restarts whenever it exits. Returns a function that waits for its pid. */
async function startOtherProject(box: Sandbox): Promise<() => Promise<number>> {
  const dir = join(box.root, 'other');
  mkdirSync(dir);
  const restart = { policy: 'always', delay: '10ms' };
  const services = [{ name: 'api', shell: 'echo $$; exec sleep 1000', ready: false, restart }];
  writeFileSync(join(dir, '.candle.json'), JSON.stringify({ services }));
  await box.candle(['start', '--project', dir]);
  return () =>
    until('the other service has printed its pid', async () => {
      const { stdout } = await box.candle(['logs', 'api', '--project', dir, '-n', '1']);
      return Number(/^\d+$/m.exec(stdout)?.[0]) || undefined;
    });
}

inPart(1).each(cases)(
  'with an expression %s, start ends at its timeout, and the supervisor restarts the services of other projects',
  async (_, slow) => {
    const box = sandbox({ config: { services: [serviceOf(slow, '1s')] } });
    const pidOfOther = await startOtherProject(box);
    const { pid } = await awaitSupervisor(box);
    const started = await box.candle(['start', 'slow', '--json']);
    expect(JSON.parse(started.stdout).services).toMatchObject([{ name: 'slow', ready: false }]);
    const killed = await pidOfOther();
    killHard(killed);
    await until('the other service was restarted', async () => (await pidOfOther()) !== killed);
    expect((await box.candle(['kill', 'slow'])).exitCode).toBe(0);
    expect((await awaitSupervisor(box)).pid).toBe(pid);
  },
);

inPart(1).each(cases)('with an expression %s, wait-for-log ends at its timeout', async (_, { shell, expression }) => {
  const box = sandbox({ config: { services: [{ name: 'slow', shell }] } });
  await box.candle(['start']);
  const waited = await box.candle([
    'wait-for-log',
    'slow',
    '--message',
    expression,
    '--regex',
    '--timeout',
    '2',
    '--json',
  ]);
  expect(JSON.parse(waited.stdout).error).toMatchObject({ code: 'LOGS_TIMEOUT' });
});

inPart(1).each(cases)(
  'with an expression %s, the MCP server answers other calls, cancels the wait, and exits at the end of its input',
  async (_, { shell, expression }) => {
    const box = sandbox({ config: { services: [{ name: 'slow', shell }] } });
    await box.candle(['start']);
    const server = startRawServer(box);
    const wait = (id: number, timeout: number) =>
      server.send(toolCall(id, 'WaitForLog', { name: 'slow', message: expression, regex: true, timeout }));
    server.send(...handshake);
    await server.responseTo('open');
    wait(1, 2);
    wait(2, 600);
    server.send({ jsonrpc: '2.0', id: 3, method: 'ping' }, toolCall(4, 'ListServices'));
    await server.responseTo(3);
    expect((await server.responseTo(4)).result.isError).toBeFalsy();
    const timedOut = await server.responseTo(1);
    expect(timedOut.result.structuredContent.error).toMatchObject({ code: 'LOGS_TIMEOUT' });
    server.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });
    wait(5, 600);
    server.send(toolCall(6, 'GetLogs', { name: 'slow', grep: expression, regex: true }));
    server.child.stdin.end();
    expect(await server.exitCode()).toBe(0);
  },
);

test('look-around is an error that names it, in the configuration with its line', async () => {
  const box = sandbox({ config: { services: [serviceOf({ ...backtracks, expression: 'up(?=!)' }, '1s')] } });
  const { error } = await box.candleJson(['start']);
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(/look-around.*\(\?=/s) });
  const searched = await box.candleJson(['logs', '--grep', '(a)\\1', '--regex']);
  expect(searched.error).toMatchObject({
    code: 'LOGS_PATTERN_INVALID',
    message: expect.stringContaining('back-references are not supported: \\1 at character 4'),
    hint: expect.stringContaining('candle get-doc expressions'),
  });
});
