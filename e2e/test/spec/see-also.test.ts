import { expect, test } from 'vitest';
import { serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';

const config = { services: [] };

test('This command is also available as the `ReservePort` MCP tool with the optional `serviceName` parameter.', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);
  const forService = await mcp.ask('ReservePort', { serviceName: 'api' });
  const forProject = await mcp.ask('ReservePort');
  expect((await box.candle(['get-reserved-port', 'api'])).stdout).toBe(`${forService.port}\n`);
  expect((await box.candleJson(['list-reserved-ports'])).ports).toMatchObject([
    { port: forProject.port, serviceName: null },
    { port: forService.port, serviceName: 'api' },
  ]);
});

test('[release-ports](release-ports) - Release reserved ports', async () => {
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  await box.candle(['reserve-port']);
  expect(await box.candle(['release-ports', 'api'])).toEqual({
    stdout: `Released port ${port} for service 'api'\n`,
    stderr: '',
    exitCode: 0,
  });
  expect((await box.candle(['release-ports'])).stdout).toBe('Released 1 reserved port\n');
  expect((await box.candleJson(['list-reserved-ports'])).ports).toEqual([]);
});

test('[list-reserved-ports](list-reserved-ports) - List reserved ports', async () => {
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  const { stdout } = await box.candle(['list-reserved-ports']);
  expect(stdout).toContain(`  Port ${port} (service: api)\n    Project: ${box.projectDir}\n    Reserved at: `);
});

test('[get-reserved-port](get-reserved-port) - Get the reserved port for a service', async () => {
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  expect(await box.candle(['get-reserved-port', 'api'])).toEqual({ stdout: `${port}\n`, stderr: '', exitCode: 0 });
});

test('[start](start) - Start services (uses PORT env var if reserved)', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('listens.mjs') }] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  expect((await box.candle(['start'])).stdout).toContain(`[PORT: ${port}]`);
});
