import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { calm } from '../calm.ts';
import { sandbox } from '../sandbox.ts';

const withComments = `// Our services.
{
  "$schema": "https://example.com/schema.json",
  /* kept */ "owner": { "team": "shop" },
  "services": [
    {
      "name": "api", // the first one
      "shell": "node api.js",
      "replicas": 2,
    },
  ],
}
`;

function configOf(box: Sandbox): string {
  return readFileSync(join(box.projectDir, '.candle.json'), 'utf8');
}

test('setup-project creates an empty configuration, or reports where one already exists', async () => {
  const box = sandbox();
  const path = join(box.projectDir, '.candle.json');
  expect(await box.candle(['setup-project'])).toEqual({ stdout: `Created ${path}\n`, stderr: calm, exitCode: 0 });
  expect(JSON.parse(configOf(box))).toEqual({ services: [] });
  const text = configOf(box);
  expect(await box.candle(['setup-project'])).toEqual({
    stdout: `Already exists: ${path}\n`,
    stderr: '',
    exitCode: 0,
  });
  expect(await box.candleJson(['setup-project'])).toEqual({ path, created: false });
  expect(configOf(box)).toBe(text);
});

test('add-service creates the file if there is none, and the service can be started', async () => {
  const box = sandbox();
  const path = join(box.projectDir, '.candle.json');
  mkdirSync(join(box.projectDir, 'apps/api'), { recursive: true });
  expect(
    await box.candle(['add-service', 'api', '--shell', 'exec sleep 1000', '--root', 'apps/api', '--no-port']),
  ).toEqual({
    stdout: `Added service 'api' to ${path}\n`,
    stderr: calm,
    exitCode: 0,
  });
  expect(JSON.parse(configOf(box))).toEqual({
    services: [{ name: 'api', shell: 'exec sleep 1000', root: 'apps/api', port: null }],
  });
  expect((await box.candle(['start'])).stdout).toContain(`[With root directory: ${box.projectDir}/apps/api]`);
});

test('add-service and remove-service keep comments, unknown keys and trailing commas', async () => {
  const box = sandbox({ config: withComments });
  expect(await box.candleJson(['add-service', 'web', '--shell', 'vite'])).toEqual({
    name: 'web',
    shell: 'vite',
    root: null,
    port: 'auto',
    path: join(box.projectDir, '.candle.json'),
    created: false,
  });
  const added = configOf(box);
  for (const kept of [
    '// Our services.',
    '/* kept */ "owner": { "team": "shop" }',
    '// the first one',
    '"replicas": 2,',
  ]) {
    expect(added).toContain(kept);
  }
  expect((await box.candleJson(['list'])).services).toMatchObject([{ name: 'api' }, { name: 'web', shell: 'vite' }]);
  expect(await box.candle(['remove-service', 'web'])).toMatchObject({ stderr: '', exitCode: 0 });
  expect(configOf(box)).toBe(withComments);

  expect(await box.candle(['add-service', 'api', '--shell', 'x'])).toMatchObject({
    stderr: expect.stringMatching(/^Error: Service 'api' is already configured in .*\.candle\.json\n/),
    exitCode: 1,
  });
  expect(await box.candle(['remove-service', 'apo'])).toMatchObject({
    stderr: expect.stringMatching(
      /^Error: Service 'apo' is not configured in .*\.candle\.json\nDid you mean 'api'\?\n$/,
    ),
    exitCode: 1,
  });
  expect(configOf(box)).toBe(withComments);
});

test('services can be an object keyed by name, and edits keep it an object', async () => {
  const box = sandbox({ config: { services: { api: { shell: 'node api.js' } } } });
  await box.candle(['add-service', 'web', '--shell', 'vite']);
  const web = { shell: 'vite', port: 'auto' };
  expect(JSON.parse(configOf(box))).toEqual({ services: { api: { shell: 'node api.js' }, web } });
  await box.candle(['remove-service', 'api']);
  expect(JSON.parse(configOf(box))).toEqual({ services: { web } });
});

test('an empty configuration file is a project without services', async () => {
  const box = sandbox({ config: '// nothing yet\n' });
  expect(await box.candle(['list'])).toEqual({ stdout: 'No services\n', stderr: '', exitCode: 0 });
  expect((await box.candle(['add-service', 'api', '--shell', 'true'])).exitCode).toBe(0);
  expect(configOf(box)).toContain('// nothing yet');
  expect((await box.candleJson(['list'])).services).toMatchObject([{ name: 'api' }]);
});

test('all problems are reported at once with file, line and field, and nothing is written', async () => {
  const config = `{
  "services": [
    { "name": "api" },
    { "name": "web", "shell": "vite", "root": "../elsewhere", "stopTimeout": "soon" },
    { "name": "web", "shell": "", "env": { "A": [] } },
    { "name": "-x", "shell": "true", "autostart": "no" }
  ]
}`;
  const box = sandbox({ config });
  for (const args of [
    ['start'],
    ['check-start'],
    ['up'],
    ['restart'],
    ['add-service', 'new', '--shell', 'x'],
    ['remove-service', 'api'],
  ]) {
    const { stdout, stderr, exitCode } = await box.candle(args);
    expect({ stdout, exitCode }, args[0]).toEqual({ stdout: '', exitCode: 1 });
    const lines = stderr.split('\n');
    expect(lines[0]).toMatch(new RegExp(`^Error: ${box.projectDir}/\\.candle\\.json is not valid \\(8 problems\\):$`));
    expect(lines.slice(1, 9).map((line) => /^ {2}line (\d+): ([^ ]+): ./.exec(line)?.slice(1).join(' '))).toEqual([
      '3 services[0].shell',
      '4 services[1].root',
      '4 services[1].stopTimeout',
      '5 services[2].name',
      '5 services[2].shell',
      '5 services[2].env.A',
      '6 services[3].name',
      '6 services[3].autostart',
    ]);
  }
  expect(configOf(box)).toBe(config);
  const { error } = await box.candleJson(['start']);
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', details: { problems: { length: 8 } } });
  expect(error.details.problems[0]).toMatchObject({ line: 3, column: 5, field: 'services[0].shell' });
});

test('a root outside the project is rejected, even through a symbolic link', async () => {
  const box = sandbox({ config: { services: [] } });
  symlinkSync(box.home, join(box.projectDir, 'out'));
  for (const args of [
    ['add-service', 'api', '--shell', 'true', '--root', 'out'],
    ['start', 'api', '--shell', 'true', '--root', 'out'],
    ['start', 'api', '--shell', 'true', '--root', '..'],
  ]) {
    expect(await box.candle(args), args.join(' ')).toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/^Error: Root directory '.*' is not inside the project /),
      exitCode: 1,
    });
  }
  expect(existsSync(join(box.stateDir, 'runs'))).toBe(false);
});

test('8 concurrent add-service and remove-service commands lose no change', async () => {
  const box = sandbox({ config: withComments });
  const names = Array.from({ length: 8 }, (_, index) => `s${index}`);
  const added = await Promise.all(names.map((name) => box.candle(['add-service', name, '--shell', 'true'])));
  for (const { stderr, exitCode } of added) expect({ stderr, exitCode }).toEqual({ stderr: calm, exitCode: 0 });
  const listed = (await box.candleJson(['list'])).services.map(({ name }: { name: string }) => name);
  expect(listed.toSorted()).toEqual(['api', ...names]);
  const removed = await Promise.all(names.map((name) => box.candle(['remove-service', name])));
  for (const { stderr, exitCode } of removed) expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(configOf(box)).toBe(withComments);
});
