import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { withoutNewCommands } from '../calm.ts';
import { freePort } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { program } from './programs.ts';

/** The warnings that a command prints, without the path of the project. */
async function warningsOf(box: Sandbox, ...args: string[]): Promise<readonly string[]> {
  const { stderr } = await box.candle(args);
  const lines = withoutNewCommands(stderr).split('\n');
  return lines.filter((line) => line.startsWith('Warning: ')).map((line) => line.replace(`${box.projectDir}/`, ''));
}

test('list, start, up and doctor report an unknown field that is near a known one, with the right field', async () => {
  const services = { api: { shell: 'exec sleep 1000', ready: false, depends_on: ['db'], prot: 'auto' } };
  const box = sandbox({ config: { services } });
  const field = (key: string, meant: string) => `services.api.${key} is not a known field; did you mean '${meant}'?`;
  const text = JSON.stringify({ services, excludeports: [] }, null, 2);
  box.writeFile('.candle.json', text);
  const line = (key: string) => text.split('\n').findIndex((one) => one.includes(`"${key}"`)) + 1;
  const expected = [
    `.candle.json, line ${line('depends_on')}: ${field('depends_on', 'dependsOn')}`,
    `.candle.json, line ${line('prot')}: ${field('prot', 'port')}`,
    `.candle.json, line ${line('excludeports')}: excludeports is not a known field; did you mean 'excludePorts'?`,
  ];
  for (const command of [['list'], ['start'], ['up', '--detach'], ['check-start'], ['restart']]) {
    expect([command, await warningsOf(box, ...command)]).toEqual([command, expected.map((one) => `Warning: ${one}`)]);
  }
  const { checks } = await box.candleJson(['doctor']);
  const found = checks.filter(({ name }: { name: string }) => name === 'configuration');
  expect(found).toEqual(
    expected.map((message) => ({
      ...{ name: 'configuration', status: 'warning', hint: null },
      message: join(box.projectDir, message),
    })),
  );
  for (const command of [['list'], ['up'], ['check-start']]) {
    const { configWarnings } = await box.candleJson(command);
    expect(configWarnings[1]).toEqual({
      file: join(box.projectDir, '.candle.json'),
      line: line('prot'),
      field: 'services.api.prot',
      problem: "is not a known field; did you mean 'port'?",
    });
  }
});

test('doctor finds nothing wrong with other fields, and reports a file that is not valid', async () => {
  const box = sandbox({ config: { services: { api: { shell: 'run', note: 'mine' } } } });
  const configuration = async () =>
    (await box.candleJson(['doctor'])).checks.find(({ name }: { name: string }) => name === 'configuration');
  expect(await configuration()).toMatchObject({ status: 'ok', message: `${box.projectDir}/.candle.json is valid` });
  box.writeFile('.candle.json', '{ "services": 1 }');
  expect((await box.candle(['doctor'])).stdout).toMatch(/^problem +configuration +.*is not valid/m);
});

test('a value in env that no shell expands is reported', async () => {
  const env = { PATH: './bin:$PATH', API: 'http://localhost:$API_PORT' };
  const box = sandbox({ config: { services: { api: { shell: '/bin/true', ready: false, env } } } });
  const stays = 'which stays as it is, because no shell expands it';
  for (const command of ['list', 'start', 'up']) {
    const warnings = await warningsOf(box, command);
    expect([command, warnings]).toEqual([
      command,
      [
        expect.stringContaining(
          `: services.api.env.PATH contains $PATH, ${stays}; remove it here, and begin "shell" with: export PATH=./bin:$PATH;`,
        ),
        expect.stringContaining(
          `: services.api.env.API contains $API_PORT, ${stays}; write \${services.api.port} instead`,
        ),
      ],
    ]);
  }
});

test("starts, list and doctor report a line of an envFile that overrides one of Candle's variables", async () => {
  const services = {
    api: { shell: 'exec sleep 1000', ready: false, port: 'auto', envFile: ['.env', '.env.local'] },
    web: { shell: 'exec sleep 1000', ready: false, port: 'auto', envFile: '.env' },
  };
  const box = sandbox({ config: { services } });
  box.writeFile('.env', 'PORT=1\nA=1\nexport WEB_PORT=3000\n');
  box.writeFile('.env.local', 'B=1\n');
  const { port } = await box.candleJson(['reserve-port', 'web']);
  const problem = `overrides ${port}, which Candle sets for 'web', while WEB_URL and WEB_BROWSER_URL still contain it; remove this line, or rename the variable`;
  for (const command of [['list'], ['start'], ['up', '--detach'], ['restart', 'api'], ['check-start']]) {
    const expected = command[0] === 'check-start' ? [] : [`Warning: .env, line 3: WEB_PORT ${problem}`];
    expect([command, await warningsOf(box, ...command)]).toEqual([command, expected]);
  }
  expect((await box.candle(['doctor'])).stdout).toContain(`.env, line 3: WEB_PORT ${problem}\n`);
  const { configWarnings } = await box.candleJson(['up']);
  expect((await box.candleJson(['list'])).configWarnings).toEqual(configWarnings);
  expect(configWarnings).toEqual([{ file: join(box.projectDir, '.env'), line: 3, field: 'WEB_PORT', problem }]);
});

test('the port check names the variable and the file with the number, and the portEnv to write', async () => {
  const own = await freePort(9100);
  const shell = program('listens-on-variable.mjs');
  const box = sandbox({ config: { services: { api: { shell, port: 'auto', envFile: '.env' } } } });
  box.writeFile('.env', `A=1\nSERVER_PORT=${own}\n`);
  const { stderr } = await box.candle(['start', '--bg']);
  expect(stderr).toContain(`SERVER_PORT is ${own} in line 2 of .env: "portEnv": ["PORT", "SERVER_PORT"]\n`);
  box.writeConfig({ services: { api: { shell, port: 'auto', envFile: '.env', portEnv: ['PORT', 'SERVER_PORT'] } } });
  const { services } = await box.candleJson(['restart', 'api']);
  expect(services[0].portCheck).toMatchObject({ status: 'ok', fix: null });
});
