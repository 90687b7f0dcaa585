import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calm } from '../calm.ts';
import { sandbox } from '../sandbox.ts';

const config = { services: [{ name: 'api', shell: 'echo "on $CANDLE_SERVICE"; sleep 600', port: null }] };

test.for<[string, (root: string) => string]>([
  ['with a path of 240 characters', (root) => join(root, 'x'.repeat(240 - root.length - 1))],
  ['with spaces, quotes and newlines in its name', (root) => join(root, `a b'c"d\n$e\`f\\g`)],
  ['that is a link to a directory', (root) => join(root, 'link')],
  ['with missing parent directories', (root) => join(root, 'one/two/three')],
])('services can be started, read and stopped in a state directory %s', async ([, pathIn]) => {
  const box = sandbox({ config });
  mkdirSync(join(box.root, 'real'));
  symlinkSync('real', join(box.root, 'link'));
  const options = { env: { CANDLE_STATE_DIR: pathIn(box.root) } };
  const { port } = await box.candleJson(['reserve-port', 'web'], options);
  const start = await box.candle(['start', 'api', '--bg'], options);
  expect(start, start.stderr).toMatchObject({ exitCode: 0, stderr: calm });
  const logs = await box.candle(['logs', 'api'], options);
  const kill = await box.candle(['kill', 'api'], options);
  expect(logs.stdout).toBe('on api\n');
  expect(kill.stdout).toBe("[Stopped process 'api']\n");
  expect((await box.candle(['get-reserved-port', 'web'], options)).stdout).toBe(`${port}\n`);
  expect(existsSync(box.stateDir)).toBe(false);
});

test('a relative state directory is resolved against the current directory', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'web'], { env: { CANDLE_STATE_DIR: './here/state' } });
  expect(existsSync(join(box.projectDir, 'here/state/state.db'))).toBe(true);
  const { ports } = await box.candleJson(['list-reserved-ports'], {
    env: { CANDLE_STATE_DIR: join(box.projectDir, 'here/state') },
  });
  expect(ports).toMatchObject([{ serviceName: 'web' }]);
});

test('an empty CANDLE_STATE_DIR counts as unset', async () => {
  const box = sandbox({ config });
  const options = { env: { CANDLE_STATE_DIR: '', XDG_STATE_HOME: '' } };
  await box.candle(['reserve-port', 'web'], options);
  expect(existsSync(join(box.home, '.local/state/candle/state.db'))).toBe(true);
  const xdg = { env: { CANDLE_STATE_DIR: '', XDG_STATE_HOME: join(box.root, 'xdg') } };
  await box.candle(['reserve-port', 'web'], xdg);
  expect(existsSync(join(box.root, 'xdg/candle/state.db'))).toBe(true);
});
