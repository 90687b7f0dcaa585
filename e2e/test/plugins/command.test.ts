import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { linkPlugin } from './linked-plugin.ts';

const cliKit = fileURLToPath(new URL('../../../packages/cli-kit', import.meta.url));

test('an error thrown by a plugin sets message, hint and exit code, and --json includes its details', async () => {
  const box = sandbox();
  await linkPlugin(box, 'plugin-asks');
  expect(await box.candle(['fail', 'well'])).toEqual({
    exitCode: 3,
    stdout: '',
    stderr: 'Error: There is only tea\ncandle ask tea\n',
  });
  expect(await box.candleJson(['fail', 'well'])).toEqual({
    error: { code: 'ASKS_TEAPOT', message: 'There is only tea', hint: 'candle ask tea', details: { drink: 'tea' } },
  });
  expect(await box.candle(['fail', 'exit'])).toEqual({ exitCode: 4, stdout: '', stderr: '' });
});

test('an omitted argument is not read from stdin', async () => {
  const box = sandbox();
  await linkPlugin(box, 'plugin-asks');
  expect(await box.candle(['fail'], { input: 'well' })).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'Error: Nobody has said how to fail\nFor help: candle fail --help\n',
  });
});

test.each([
  ['a newer', '2.0.0', 2, 'To update Candle: npm install --global @candle/cli'],
  [
    'an older',
    '1.9.0',
    -1,
    'To update all plugins: candle plugins update\nTo uninstall this one: candle plugins uninstall candle-plugin-asks',
  ],
])('a plugin built for %s Candle is rejected before it does anything', async (_, version, api, hint) => {
  const box = sandbox();
  const directory = await linkPlugin(box, 'plugin-asks');
  const kit = join(directory, 'node_modules/@candle/cli-kit');
  rmSync(kit);
  cpSync(join(cliKit, 'dist'), join(kit, 'dist'), { recursive: true });
  const index = readFileSync(join(cliKit, 'dist/index.js'), 'utf8');
  const changed = index.replace('const apiVersion = 0;', `const apiVersion = ${api};`);
  expect(changed).not.toBe(index);
  writeFileSync(join(kit, 'dist/index.js'), changed);
  const manifest = JSON.parse(readFileSync(join(cliKit, 'package.json'), 'utf8'));
  writeFileSync(join(kit, 'package.json'), JSON.stringify({ ...manifest, version }));

  const { error } = await box.candleJson(['ask', 'reservations.reservePort']);
  expect(error).toMatchObject({ code: 'PLUGIN_API_MISMATCH', hint });
  expect(error.message).toBe(
    `Plugin candle-plugin-asks 1.4.0 was built for candle ${api} (cli-kit ${version}), but this is candle ${manifest.version}`,
  );
  expect((await box.candle(['ask', 'reservations.reservePort'])).exitCode).toBe(1);
  // The plugin has not reserved a port, and Candle's own commands work.
  expect(await box.candleJson(['list-reserved-ports', '--all'])).toEqual({ ports: [] });
});
