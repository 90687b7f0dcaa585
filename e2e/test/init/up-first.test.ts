import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Sandbox } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { hasTerminals, inTerminal } from '../in-terminal.ts';
import { serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { standInForDocker, writeServer } from './projects.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests assert on the shape themselves
type Service = any;

function readConfig(box: Sandbox): Service {
  return JSON.parse(readFileSync(join(box.projectDir, '.candle.json'), 'utf8'));
}

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
  expect(readConfig(box).services).toHaveLength(1);
});

test('up reports addresses that no longer lead to a service, and init configures those in dotenv files', async () => {
  const box = sandbox();
  writeServer(box, 'web');
  writeServer(box, 'api');
  // The commands in the configuration do not contain these numbers.
  box.writeFile('Procfile', 'api: cd api && PORT=3001 node server.js\nweb: cd web && PORT=3002 node server.js\n');
  box.writeFile('vite.config.js', "export default {\n  server: { proxy: { '/api': 'http://localhost:3001' } },\n};\n");
  box.writeFile('.env', 'API_ORIGIN=http://localhost:3001\n');
  const text = "http://localhost:3001 was the address of 'api'";
  expect(await box.candleJson(['init', '--yes'])).toMatchObject({
    advice: [{ file: 'vite.config.js', line: 2, text: expect.stringContaining(text) }],
    services: [
      { name: 'api' },
      { name: 'web', config: { env: { API_ORIGIN: 'http://localhost:${services.api.port}' } } },
    ],
  });
  const { stderr, exitCode } = await box.candle(['up']);
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(
    /^vite\.config\.js:2: http:\/\/localhost:3001 was the address of 'api', which has port \d+; write process\.env\.API_URL$/m,
  );
  expect(stderr).not.toMatch(/^\.env:/m);
  expect((await (await serveMcp(box)).ask('Up')).fixedAddresses).toMatchObject([
    { file: 'vite.config.js', line: 2, text: expect.stringContaining(text) },
  ]);
  expect(readFileSync(join(box.projectDir, 'vite.config.js'), 'utf8')).toContain('localhost:3001');
  rmSync(join(box.projectDir, '.candle.json'));
  const first = await box.candle(['up', '--yes']);
  expect(`${first.stdout}${first.stderr}`.split('write process.env.API_URL')).toHaveLength(2);
});

test('addresses of programs that Candle does not start: init configures those without a login, and its advice on the others works', async () => {
  const box = sandbox();
  writeServer(box, '.');
  const service = (name: string, port: number) =>
    `  ${name}:\n    image: ${name}\n    ports: ["\${P${port}:-${port}}:${port}"]\n`;
  box.writeFile('compose.yaml', `services:\n${service('postgres', 5432)}${service('redis', 6379)}`);
  box.writeFile('.env', 'DATABASE_URL=postgres://me:secret@localhost:5432/shop\nREDIS=redis://localhost:6379\n');
  const { advice } = await box.candleJson(['init', '--yes'], { env: standInForDocker(box, 'exit 1') });
  const { text } = advice.find(({ file }: Service) => file === '.env');
  const [, url, env] = /add (.*) with its login to 'postgres', and (.*) to the service that reads it$/.exec(text) ?? [];
  const config = readConfig(box);
  Object.assign(config.ports.postgres, JSON.parse(`{ ${url} }`));
  expect(config.services[0].env).toEqual({ REDIS: 'redis://localhost:${ports.redis.port}' });
  Object.assign(config.services[0].env, JSON.parse(`{ ${env} }`).env);
  box.writeFile('.candle.json', JSON.stringify(config));
  const { port } = await box.candleJson(['reserve-port', 'postgres']);
  const { stdout } = await box.candle(['env', config.services[0].name]);
  expect(stdout).toContain(`export DATABASE_URL='postgres://localhost:${port}/shop'\n`);
});

describe.skipIf(!hasTerminals)('on a terminal', () => {
  test('up asks, writes the configuration, and starts the services', async () => {
    const box = sandbox();
    writeServer(box, 'web');
    const { stdout, exitCode } = await inTerminal(box, 'Which services', 'enter', 'up', '--detach');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Created ${box.projectDir}/.candle.json with web`);
    expect(stripVTControlCharacters(stdout)).toMatch(/web +started/);
  });
});
