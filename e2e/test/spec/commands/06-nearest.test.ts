import { expect, test } from 'vitest';
import { sandbox } from '../../sandbox.ts';

const config = {
  services: [
    { name: 'frontend', shell: 'exec sleep 1000' },
    { name: 'backend', shell: 'exec sleep 1000' },
  ],
};

test('only a complete and exact name matches', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'frontend']);
  for (const name of ['front', 'end', 'FRONTEND', 'frontend1', 'front*', 'frontend,backend']) {
    for (const command of ['get-reserved-port', 'release-ports', 'start', 'kill', 'list', 'logs', 'remove-service']) {
      expect({ command, name, ...(await box.candle([command, name])) }).toMatchObject({ exitCode: 1, stdout: '' });
    }
  }
  for (const command of ['reserve', 'list-reserved', 'kil', 'reserve-ports']) {
    expect({ command, ...(await box.candle([command])) }).toMatchObject({ exitCode: 1, stdout: '' });
  }
  expect((await box.candleJson(['list-reserved-ports'])).ports).toHaveLength(1);
});

test('the error for an unknown service suggests the most similar name', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'frontend']);
  const commands = [
    'get-reserved-port',
    'release-ports',
    'start',
    'check-start',
    'restart',
    'kill',
    'list',
    'ps',
    'logs',
    'wait-for-ready',
    'watch',
    'clear-logs',
    'remove-service',
    'list-ports',
    'url',
    'open-browser',
  ];
  for (const command of commands) {
    const { stderr, exitCode } = await box.candle([command, 'fronted']);
    expect({ command, exitCode, stderr }).toEqual({
      command,
      exitCode: 1,
      stderr: expect.stringMatching(/^Error: .*'fronted'.*\nDid you mean 'frontend'\?\n$/),
    });
  }
});

test('the error for an unknown command suggests the most similar command, alias or topic', async () => {
  const box = sandbox({ config });
  for (const [typed, meant] of [
    ['reserve-prot', 'reserve-port'],
    ['get-reserve-port', 'get-reserved-port'],
    ['lst', 'list'],
    ['stopp', 'stop'],
    ['statsu', 'status'],
    ['RESERVE-PORT', 'reserve-port'],
    ['plugins isntall', 'plugins install'],
    ['plugin', 'plugins'],
    ['docs', 'list-docs'],
    ['up:web', 'up web'],
  ] as const) {
    const { stderr, exitCode } = await box.candle(typed.split(' '));
    expect({ typed, exitCode, sentence: stderr.split('\n', 1).join('') }).toEqual({
      typed,
      exitCode: 1,
      sentence: `Error: Unknown command '${typed}'; did you mean candle ${meant}?`,
    });
  }
  expect((await box.candle(['--nope'])).stderr).toBe('Error: Unknown flag: --nope\nAll commands: candle help\n');
  expect((await box.candle(['completion', 'instal'])).stderr).toMatch(/'instal' is unknown; did you mean install\?\n/);
  // A command whose words were typed apart.
  expect((await box.candle(['setup', 'project'])).stderr).toContain('did you mean candle setup-project?');
});

test('there is no suggestion if no name is similar', async () => {
  const box = sandbox({ config });
  expect((await box.candle(['zzzzzzzz'])).stderr).toBe(
    "Error: Unknown command 'zzzzzzzz'\nAll commands: candle help\n",
  );
  const { stderr } = await box.candle(['kill', 'zzzzzzzz']);
  expect(stderr).toMatch(
    /^Error: Unknown service 'zzzzzzzz' in project .*\nServices of this project: frontend, backend\n$/,
  );
});
