import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sandbox } from '../../sandbox.ts';

test('data goes to stdout; errors, hints and notes go to stderr', async () => {
  const box = sandbox();
  const cwd = box.writeFile('new/file', '').replace('/file', '');
  const reserved = await box.candle(['get-or-reserve-port', 'api'], { cwd });
  expect(reserved.stdout).toMatch(/^\d+\n$/);
  expect(reserved.stderr).toMatch(/^New project: /);
  const refused = await box.candle(['reserve-port', 'api'], { cwd });
  expect(refused.stdout).toBe('');
  const none = await box.candle(['logs', 'nobody', '--project', cwd]);
  expect(none.stdout).toBe('');
  expect(none.stderr).not.toBe('');
});

test('an error starts with the line `Error: MESSAGE`, and the hints follow on separate lines', async () => {
  const box = sandbox({ config: { services: [] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  expect((await box.candle(['reserve-port', 'api'])).stderr.split('\n')).toEqual([
    `Error: Service 'api' already has a reserved port: ${port}`,
    'To use it: candle get-reserved-port api. To release it: candle release-ports api',
    '',
  ]);
});

test('an expected error has no stack trace', async () => {
  const box = sandbox({ config: { services: [] } });
  const failures = [
    ['nonsense'],
    ['get-reserved-port', 'api'],
    ['reserve-port', '\u001b'],
    ['start'],
    ['list', '--project', '/does/not/exist'],
    ['plugins', 'uninstall', 'nobody'],
    ['plugins', 'link', '/does/not/exist'],
  ];
  for (const line of failures) {
    for (const debug of [[], ['--debug']]) {
      const { stderr, exitCode } = await box.candle([...line, ...debug]);
      expect({ line, exitCode }).toEqual({ line, exitCode: 1 });
      expect(stderr).not.toMatch(/^ {4}at /m);
    }
  }
  // npm and oclif have not written a log file either.
  expect(readdirSync(box.projectDir)).toEqual(['.candle.json']);
});
