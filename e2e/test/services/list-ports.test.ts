import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { failureOf, serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { program } from './programs.ts';

/** The PID and port of each listening process, as the service printed them. */
async function printedListeners(box: Sandbox, name: string, count: number): Promise<{ pid: number; port: number }[]> {
  return until(`${count} processes of '${name}' listen`, async () => {
    const { stdout } = await box.candle(['logs', name]);
    const printed = [...stdout.matchAll(/^(\d+) on (\d+)$/gm)].map(([, pid, port]) => ({
      pid: Number(pid),
      port: Number(port),
    }));
    return printed.length === count && printed;
  });
}

test('list-ports lists every port of the process tree, with its addresses, its process and whether it is reserved', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'api', shell: program('listens.mjs') },
        { name: 'many', shell: program('listens-on-free-ports.mjs', '127.0.0.1,::1', '::') },
        { name: 'idle', shell: program('idles.mjs'), ready: false },
        { name: 'down', shell: program('listens.mjs') },
      ],
    },
  });
  expect(await box.candle(['list-ports'])).toEqual({
    stdout: 'No service listens on a port\n',
    stderr: '',
    exitCode: 0,
  });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  await box.candle(['start', 'api', 'many', 'idle']);
  const many = (await printedListeners(box, 'many', 2)).toSorted((a, b) => a.port - b.port);
  const { ports } = await box.candleJson(['list-ports']);
  const about = { projectDir: box.projectDir, command: 'node' };
  const [first] = await printedListeners(box, 'many', 2);
  expect(ports).toEqual([
    { ...about, serviceName: 'api', port, addresses: ['127.0.0.1'], pid: expect.any(Number), reserved: true },
    ...many.map((one) => ({
      ...{ ...about, ...one, serviceName: 'many', reserved: false },
      addresses: one.pid === first?.pid ? ['127.0.0.1', '::1'] : ['::'],
    })),
  ]);
  expect((await box.candleJson(['list-ports', 'many', 'idle'])).ports).toHaveLength(2);
  expect((await box.candle(['list-ports', 'api'])).stdout).toMatch(
    new RegExp(`^NAME +PORT +ADDRESS +PID +COMMAND +RESERVED\napi +${port} +127.0.0.1 +\\d+ +node +yes\n$`),
  );
  await box.candle(['release-ports', 'api']);
  expect((await box.candleJson(['list-ports', 'api'])).ports).toMatchObject([{ port, reserved: false }]);

  const all = await box.candle(['list-ports', '--all'], { cwd: '/' });
  expect(all).toEqual(await box.candle(['list-ports-all'], { cwd: '/' }));
  expect(all.stdout).toMatch(new RegExp(`PROJECT\napi .* no +${box.projectDir}\n`));
  expect(await box.candleJson(['list-ports-all'], { cwd: '/' })).toEqual(await box.candleJson(['list-ports']));

  const mcp = await serveMcp(box);
  expect(await mcp.ask('ListPorts')).toEqual(await box.candleJson(['list-ports']));
  expect(await mcp.ask('ListPorts', { serviceName: 'api' })).toEqual(await box.candleJson(['list-ports', 'api']));
  expect(await mcp.ask('ListPorts', { showAll: true })).toEqual(await box.candleJson(['list-ports-all']));
  expect(failureOf(await mcp.call('ListPorts', { serviceName: 'apii' }))).toMatchObject({ code: 'SERVICE_UNKNOWN' });
  for (const narrower of [{ serviceName: 'api' }, { projectDir: '.' }]) {
    const { sentence } = failureOf(await mcp.call('ListPorts', { showAll: true, ...narrower }));
    expect(sentence).toContain(
      `showAll covers all projects, so it cannot be combined with ${Object.keys(narrower)[0]}`,
    );
  }

  await box.candle(['kill']);
  expect((await box.candleJson(['list-ports'])).ports).toEqual([]);
});

test('a fully detached daemon is listed with its port', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('daemonizes-and-listens.mjs') }] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  await box.candle(['start']);
  expect((await box.candleJson(['list-ports'])).ports).toMatchObject([{ serviceName: 'api', port, reserved: true }]);
});
