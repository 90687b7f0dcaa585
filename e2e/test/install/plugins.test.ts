import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inSandbox, refusal } from '../bad-input/refusal.ts';
import { sandbox } from '../sandbox.ts';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const cliKit = fileURLToPath(new URL('../../../packages/cli-kit', import.meta.url));

/** Copies a plugin as its author has it, with cli-kit installed. */
function checkedOut(box: Sandbox, name: string): string {
  const directory = join(box.root, name);
  cpSync(join(fixtures, name), directory, { recursive: true });
  mkdirSync(join(directory, 'node_modules/@candle'), { recursive: true });
  symlinkSync(cliKit, join(directory, 'node_modules/@candle/cli-kit'));
  return directory;
}

test('a plugin can be linked, listed, run, shown in the help and unlinked', async () => {
  const box = sandbox();
  const options = { env: { XDG_DATA_HOME: join(box.root, 'data') } };
  const candle = (...args: string[]) => box.candle(args, options);
  expect(await candle('plugins')).toMatchObject({
    exitCode: 0,
    stdout: 'No plugins are installed. To install one: candle plugins install NAME\n',
  });

  const directory = checkedOut(box, 'plugin-hello');
  const link = await candle('plugins', 'link', directory, '--no-install');
  expect(link, link.stderr).toMatchObject({ exitCode: 0 });
  expect(await candle('plugins')).toEqual({
    exitCode: 0,
    stdout: `candle-plugin-hello 1.2.3 (link) ${directory} - candle hello\n`,
    stderr: '',
  });
  expect(await candle('hello', 'you')).toEqual({ exitCode: 0, stdout: 'hello you from candle\n', stderr: '' });
  expect((await candle('help')).stdout).toMatch(/^ +hello +Say hello\.$/m);
  expect((await candle('helloo')).stderr).toContain('did you mean candle hello?');
  // Everything else works as before, even with NODE_ENV set to development.
  const env = { ...options.env, NODE_ENV: 'development' };
  expect(await box.candle(['list-reserved-ports', '--all'], { env })).toEqual({
    exitCode: 0,
    stdout: 'No reserved ports found\n',
    stderr: '',
  });

  expect((await candle('plugins', 'unlink', 'candle-plugin-hello')).exitCode).toBe(0);
  expect((await candle('plugins')).stdout).toBe(
    'No plugins are installed. To install one: candle plugins install NAME\n',
  );
  expect((await candle('hello')).stderr).toMatch(/^Error: Unknown command 'hello'/);
  expect(readdirSync(directory)).toEqual(expect.arrayContaining(['commands', 'package.json']));
});

test("a plugin's command gets the host: project, reservations and services, with its own oclif next to the bundled one", async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'sleep 600' }] } });
  const { port } = await box.candleJson(['reserve-port', 'web']);
  await box.candle(['start', 'api', '--bg']);
  const link = await box.candle(['plugins', 'link', checkedOut(box, 'plugin-where'), '--no-install']);
  expect(link, link.stderr).toMatchObject({ exitCode: 0 });

  expect(await box.candle(['where'])).toEqual({
    exitCode: 0,
    stdout: `web: ${port}\nrunning: api\n`,
    stderr: '',
  });
  expect(await box.candleJson(['where'])).toEqual({ dir: box.projectDir, ports: [`web: ${port}`], running: ['api'] });
  expect((await box.candleJson(['where', '--project', box.projectDir], { cwd: box.home })).dir).toBe(box.projectDir);
});

test("a plugin's command reports errors like candle's own commands", async () => {
  const box = sandbox({ config: '{' });
  await box.candle(['plugins', 'link', checkedOut(box, 'plugin-where'), '--no-install']);
  const run = inSandbox(box);
  expect(await refusal(run, ['where', '--nonsense'])).toMatchObject({
    code: 'USAGE',
    message: 'Unknown flag: --nonsense',
    hint: 'For help: candle where --help',
  });
  const gone = await refusal(run, ['where', '--project', join(box.root, 'gone')]);
  expect(gone.code).toBe('PROJECT_GONE');
  const { stdout, stderr } = await box.candle(['where']);
  expect([stdout, stderr]).toEqual(['running: \n', expect.stringMatching(/^Warning: .*\.candle\.json is not valid/)]);
});
