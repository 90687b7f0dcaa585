import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { hasTerminals, inTerminal } from '../in-terminal.ts';
import { sandbox } from '../sandbox.ts';
import { standInForDocker, writeServer } from './projects.ts';

function configOf(box: Sandbox): string {
  return readFileSync(join(box.projectDir, '.candle.json'), 'utf8');
}

function hasConfig(box: Sandbox): boolean {
  return existsSync(join(box.projectDir, '.candle.json'));
}

const procfile = 'web: node server.js -p 3000\nworker: node worker.js\n';

describe('without a terminal', () => {
  test('init prints what it would write as JSON, and the command to run, and writes nothing', async () => {
    const box = sandbox();
    box.writeFile('Procfile.dev', procfile);
    const { stdout, stderr, exitCode } = await box.candle(['init']);
    expect([stderr, exitCode]).toEqual(['Nothing was written. To write it: candle init --yes\n', 0]);
    expect(JSON.parse(stdout)).toMatchObject({
      projectDir: box.projectDir,
      services: [
        {
          name: 'web',
          file: 'Procfile.dev',
          line: 1,
          selected: true,
          config: { shell: 'node server.js -p ${port}', port: 'auto' },
        },
        { name: 'worker', file: 'Procfile.dev', line: 2, config: { port: null, ready: false } },
      ],
      written: null,
    });
    expect(await box.candleJson(['init'])).toEqual(JSON.parse(stdout));
    expect(hasConfig(box)).toBe(false);
  });

  test('init --yes shows each service with its file, writes the file, and a second run changes nothing', async () => {
    const box = sandbox();
    box.writeFile('Procfile.dev', procfile);
    const first = await box.candle(['init', '--yes']);
    expect(first).toMatchObject({ exitCode: 0, stderr: 'Next: candle up\n' });
    expect(first.stdout).toContain(
      '  web  (Procfile.dev:1)\n    { "shell": "node server.js -p ${port}", "port": "auto" }\n',
    );
    expect(first.stdout).toContain(`Created ${box.projectDir}/.candle.json with web, worker`);
    const written = configOf(box);
    expect(JSON.parse(written)).toMatchObject({ services: [{ name: 'web' }, { name: 'worker' }] });
    const second = await box.candle(['init', '--yes']);
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toContain(`Nothing to add: ${box.projectDir}/.candle.json has everything that was found`);
    expect(configOf(box)).toBe(written);
  });

  test('an existing file only gains what is missing; its comments and its order stay', async () => {
    const before = [
      '// The shop.',
      '{',
      '  "services": {',
      '    // Started by hand.',
      '    "frontend": { "shell": "npm run dev", "root": "client" },',
      '  },',
      '}',
      '',
    ].join('\n');
    const box = sandbox({ config: before });
    writeServer(box, 'client');
    writeServer(box, 'server');
    expect(await box.candleJson(['init', '--yes'])).toMatchObject({
      present: ['frontend'],
      written: { created: false, services: ['server'] },
    });
    const [added, ...rest] = configOf(box)
      .split('\n')
      .filter((line) => !before.split('\n').includes(line));
    expect([added, rest]).toEqual(['    "server": { "shell": "npm run dev", "root": "server", "port": "auto" },', []]);
  });

  test('sixteen init --yes at once write one file', async () => {
    const box = sandbox();
    box.writeFile('Procfile.dev', procfile);
    const results = await Promise.all(Array.from({ length: 16 }, () => box.candle(['init', '--yes', '--json'])));
    expect(results.map(({ exitCode }) => exitCode)).toEqual(Array(16).fill(0));
    const created = results.filter(({ stdout }) => JSON.parse(stdout).written.created);
    expect(created).toHaveLength(1);
    expect(JSON.parse(configOf(box)).services).toHaveLength(2);
    expect(readdirSync(box.projectDir).toSorted()).toEqual(['.candle.json', 'Procfile.dev']);
  });

  test('--from takes the services of one file', async () => {
    const box = sandbox();
    box.writeFile('Procfile.dev', procfile);
    box.writeFile('Procfile', 'site: node site.js $PORT\n');
    writeServer(box, 'api');
    const names = async (file: string) =>
      // biome-ignore lint/suspicious/noExplicitAny: tests assert on the shape themselves
      (await box.candleJson(['init', '--from', file])).services.map(({ name }: any) => name);
    expect(await names('Procfile')).toEqual(['site']);
    expect(await names('api/package.json')).toEqual(['api']);
    box.writeFile('server.js', '');
    for (const [file, problem] of [
      ['missing.txt', 'is not a file'],
      ['server.js', 'is not a file in which Candle can find services'],
    ] as const) {
      const { stderr, exitCode } = await box.candle(['init', '--from', file]);
      expect([exitCode, stderr]).toEqual([
        1,
        expect.stringContaining(
          `${file}' ${problem}\nPass a file in the project with one of these names: package.json`,
        ),
      ]);
    }
  });

  test('Docker is used for containers if its engine answers', async () => {
    const box = sandbox();
    box.writeFile('compose.yaml', 'services:\n  db:\n    image: postgres:18\n    ports: ["${DB_PORT:-5432}:5432"]\n');
    const works = standInForDocker(box, 'exit 0');
    expect(await box.candleJson(['init'], { env: works })).toMatchObject({
      services: [{ name: 'db', config: { shell: 'docker compose up db', port: 'auto', portEnv: 'DB_PORT' } }],
      ports: [],
    });
    const withoutEngine = standInForDocker(box, 'test "$1" = compose');
    expect(await box.candleJson(['init'], { env: withoutEngine })).toMatchObject({
      services: [],
      ports: [{ name: 'db', config: { port: 'auto', portEnv: 'DB_PORT' } }],
      advice: expect.arrayContaining([
        expect.objectContaining({ text: expect.stringContaining('its engine does not answer') }),
      ]),
    });
  });

  test('init waits only a few seconds for Docker', async () => {
    const box = sandbox();
    box.writeFile('compose.yaml', 'services:\n  db:\n    image: postgres:18\n    ports: ["5432:5432"]\n');
    const hangs = standInForDocker(box, 'exec sleep 600');
    expect(await box.candleJson(['init'], { env: hangs })).toMatchObject({ services: [], ports: [{ name: 'db' }] });
  });
});

describe.skipIf(!hasTerminals)('on a terminal', () => {
  test('init asks which services to write', async () => {
    const box = sandbox();
    box.writeFile('Procfile.dev', procfile);
    const { stdout, exitCode } = await inTerminal(box, 'Which services', 'enter', 'init');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Created ${box.projectDir}/.candle.json with web, worker`);
    expect(JSON.parse(configOf(box)).services).toHaveLength(2);
  });

  test('Ctrl-C at the question writes nothing, and exits with 130', async () => {
    const box = sandbox();
    box.writeFile('Procfile.dev', procfile);
    const { stdout, exitCode } = await inTerminal(box, 'Which services', 'interrupt', 'init');
    expect(exitCode).toBe(130);
    expect(stdout).toContain('Nothing was written');
    expect(hasConfig(box)).toBe(false);
  });

  test('in agent mode, init asks nothing', async () => {
    const box = sandbox();
    box.writeFile('Procfile.dev', procfile);
    const agent = { projectDir: box.projectDir, env: { ...box.env, CLAUDECODE: '1' } };
    const { stdout, exitCode } = await inTerminal(agent, '', 'wait', 'init');
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('Which services');
    expect(hasConfig(box)).toBe(false);
  });
});
