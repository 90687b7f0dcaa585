import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasTerminals, inTerminal } from '../in-terminal.ts';
import { serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { writeServer } from './projects.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests assert on the shape themselves
type Service = any;

test('up without a configuration prints what init prints, exits with 1, and names one command', async () => {
  const box = sandbox();
  writeServer(box, 'web');
  const { stdout, stderr, exitCode } = await box.candle(['up']);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ services: [{ name: 'web', file: 'web/package.json' }], written: null });
  expect(stderr).toBe(
    `Error: There is no .candle.json in ${box.projectDir}. Services were found: web\nTo write it and start the services: candle up --yes\n`,
  );
  expect(existsSync(join(box.projectDir, '.candle.json'))).toBe(false);
  expect(await box.candleJson(['up'])).toMatchObject({ error: { code: 'PROJECT_NOT_CONFIGURED' } });
});

test('up --yes writes the configuration and starts every service on its own port', async () => {
  const box = sandbox();
  writeServer(box, 'web');
  writeServer(box, 'api');
  const up = await box.candleJson(['up', '--yes', '--detach']);
  expect(up).toMatchObject({ ready: true });
  const answers = await Promise.all(up.services.map(async ({ url }: Service) => (await fetch(url)).text()));
  expect(answers.toSorted()).toEqual(['api', 'web']);
  const again = await box.candleJson(['up', '--yes']);
  expect(again.services.map(({ state }: Service) => state)).toEqual(['kept', 'kept']);
});

test('sixteen up --yes at once write one file and start one process for each service', async () => {
  const box = sandbox();
  writeServer(box, 'web');
  const results = await Promise.all(Array.from({ length: 16 }, () => box.candle(['up', '--yes', '--json'])));
  expect(results.map(({ exitCode, stdout }) => [exitCode, JSON.parse(stdout).ready])).toEqual(
    Array(16).fill([0, true]),
  );
  const pids = results.map(({ stdout }) => JSON.parse(stdout).services[0].pid);
  expect(new Set(pids).size).toBe(1);
  expect(JSON.parse(readFileSync(join(box.projectDir, '.candle.json'), 'utf8')).services).toHaveLength(1);
});

test('up reports addresses that no longer lead to a service, and init configures those in dotenv files', async () => {
  const box = sandbox();
  writeServer(box, 'web');
  writeServer(box, 'api');
  box.writeFile('web/server.js', readFileSync(join(box.projectDir, 'web/server.js'), 'utf8').replace('3001', '3002'));
  box.writeFile(
    'web/vite.config.js',
    "export default {\n  server: { proxy: { '/api': 'http://localhost:3001' } },\n};\n",
  );
  box.writeFile('web/.env', 'API_ORIGIN=http://localhost:3001\n');
  const text = "http://localhost:3001 was the address of 'api'";
  expect(await box.candleJson(['init', '--yes'])).toMatchObject({
    advice: [{ file: 'web/vite.config.js', line: 2, text: expect.stringContaining(text) }],
    services: [
      { name: 'api' },
      { name: 'web', config: { env: { API_ORIGIN: 'http://localhost:${services.api.port}' } } },
    ],
  });
  const { stderr, exitCode } = await box.candle(['up']);
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(
    /^web\/vite\.config\.js:2: http:\/\/localhost:3001 was the address of 'api', which has port \d+; write process\.env\.API_URL$/m,
  );
  expect(stderr).not.toContain('web/.env');
  expect((await (await serveMcp(box)).ask('Up')).fixedAddresses).toMatchObject([
    { file: 'web/vite.config.js', line: 2, text: expect.stringContaining(text) },
  ]);
  expect(readFileSync(join(box.projectDir, 'web/vite.config.js'), 'utf8')).toContain('localhost:3001');
});

describe.skipIf(!hasTerminals)('on a terminal', () => {
  test('up asks, writes the configuration, and starts the services', async () => {
    const box = sandbox();
    writeServer(box, 'web');
    const { stdout, exitCode } = await inTerminal(box, 'Which services', 'enter', 'up', '--detach');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Created ${box.projectDir}/.candle.json with web`);
    expect(stdout).toMatch(/web +started/);
  });
});
