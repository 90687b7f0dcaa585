import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type PluginBox, pluginBox } from './plugin-box.ts';
import { commandSource, type PluginParts } from './plugin-package.ts';

const sound: PluginParts = { name: 'candle-plugin-sound', commands: { sound: true } };
const wayOut = 'Mend it, or: candle plugins unlink candle-plugin-broken';

/** Links a sound plugin and then one that is broken in the way of `parts`. */
async function withBroken(parts: Partial<PluginParts>): Promise<PluginBox> {
  const box = pluginBox();
  await box.run('plugins', 'link', box.directory(sound));
  await box.run('plugins', 'link', box.directory({ name: 'candle-plugin-broken', ...parts }));
  return box;
}

/** Whatever is wrong with a plugin: Candle's own commands and other plugins do not notice, and it is named where one deals with it. */
async function expectHarmless(box: PluginBox, problem: { code: string; message: unknown }): Promise<void> {
  expect(await box.output('list-reserved-ports')).toBe('No reserved ports found for current project\n');
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
  expect(await box.output('--help')).toMatch(/^ +sound +Of a test\.$/m);
  expect(await box.json('plugins')).toMatchObject({
    plugins: [
      { name: 'candle-plugin-sound', problems: [] },
      { name: 'candle-plugin-broken', problems: [{ ...problem, hint: wayOut }] },
    ],
  });
  expect(await box.run('plugins')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^candle-plugin-sound .*\ncandle-plugin-broken .*\n$/),
    stderr: expect.stringMatching(
      /^Warning: [^\n]*candle-plugin-broken[^\n]*\nMend it, or: candle plugins unlink candle-plugin-broken\n$/,
    ),
  });
  const doctor = await box.run('doctor');
  expect(doctor.stdout).toMatch(/^warning +plugins +.*candle-plugin-broken/m);
  expect(doctor).toMatchObject({ exitCode: 0, stderr: '' });
}

test.each([
  ['throws when it is loaded', "throw new Error('no such luck');", /could not be loaded: no such luck$/],
  ['imports a module that is not there', "import 'nowhere';", /could not be loaded: Cannot find package 'nowhere'/],
  ['is no JavaScript', 'export default {{{', /could not be loaded: .*Unexpected token/],
  ['ends the process when it is loaded', 'process.exit(3);', /could not be loaded: it ended the process/],
])('a plugin without a manifest whose command %s', async (_, source, message) => {
  const box = await withBroken({ commands: { broken: source }, isPrepared: false });
  const problem = { code: 'PLUGIN_NOT_LOADABLE', message: expect.stringMatching(message) };
  await expectHarmless(box, problem);
  // Its own command says what is wrong, too.
  expect(await box.failure('broken')).toMatchObject(problem);
});

test('a plugin without a manifest that prints, keeps the process busy and is never loaded', async () => {
  const source = "console.log('noise'); setInterval(() => {}, 1000); await new Promise(() => undefined);";
  const box = pluginBox();
  const root = box.directory({ name: 'candle-plugin-broken', commands: { broken: source }, isPrepared: false });
  mkdirSync(box.dataDir, { recursive: true });
  const list = { oclif: { plugins: [{ name: 'candle-plugin-broken', type: 'link', root }] } };
  writeFileSync(join(box.dataDir, 'package.json'), JSON.stringify(list));
  expect(await box.output('list-reserved-ports')).toBe('No reserved ports found for current project\n');
  expect(await box.run('plugins')).toEqual({
    exitCode: 0,
    stdout: `candle-plugin-broken 1.0.0 (link) ${root} - cannot be used\n`,
    stderr: `Warning: The plugin candle-plugin-broken could not be loaded: it was not loaded after 3 seconds\n${wayOut}\n`,
  });
});

test('a plugin with a manifest is not loaded for other commands at all; its own command is told to be its own fault', async () => {
  const box = await withBroken({ commands: { broken: "console.log('noise'); throw new Error('no such luck');" } });
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
  expect(await box.output('plugins')).toMatch(/broken 1\.0\.0 .* - candle broken\n$/);
  const { stderr, exitCode } = await box.run('broken');
  expect({ stderr, exitCode }).toEqual({
    exitCode: 1,
    stderr:
      'Error: The plugin candle-plugin-broken 1.0.0 failed: no such luck\nA newer one may be better: candle plugins update candle-plugin-broken. With --debug, this shows where it happened\n',
  });
});

test('what a command of a plugin throws is named as the plugin’s; its stack is shown with --debug only', async () => {
  const box = await withBroken({ commands: { broken: commandSource("throw new TypeError('x is undefined');") } });
  expect(await box.failure('broken')).toMatchObject({
    code: 'PLUGIN_FAILED',
    message: 'The plugin candle-plugin-broken 1.0.0 failed: x is undefined',
  });
  const { stdout, stderr } = await box.run('broken');
  expect([stdout, stderr]).toEqual(['', expect.not.stringMatching(/bug of Candle|broken\.js/)]);
  expect((await box.run('broken', '--debug')).stderr).toMatch(/TypeError: x is undefined\n +at .*commands\/broken\.js/);
});

test.each([
  ['another Node', { engines: { node: '>=99' } }, 'PLUGIN_NODE_MISMATCH', /needs Node >=99, and this is \d/],
  [
    'another major of cli-kit',
    { dependencies: { '@candle/cli-kit': '^77.0.0' } },
    'PLUGIN_CANDLE_MISMATCH',
    /is made for Candle \^77\.0\.0, and this is \d/,
  ],
])('a plugin that needs %s', async (_, manifest, code, message) => {
  const box = await withBroken({ manifest, commands: { broken: true } });
  const problem = { code, message: expect.stringMatching(message) };
  await expectHarmless(box, problem);
  expect(await box.failure('broken')).toMatchObject(problem);
});

test('a plugin that carries a cli-kit of another major', async () => {
  const kit = JSON.stringify({ name: '@candle/cli-kit', version: '77.1.0' });
  const box = await withBroken({
    manifest: { dependencies: { '@candle/cli-kit': 'file:../kit' } },
    commands: { broken: true },
    files: { 'node_modules/@candle/cli-kit/package.json': kit },
  });
  await expectHarmless(box, {
    code: 'PLUGIN_CANDLE_MISMATCH',
    message: expect.stringContaining('made for Candle 77.1.0'),
  });
});

test('a plugin whose directory is gone, and one whose package.json is damaged', async () => {
  const box = await withBroken({ commands: { broken: true } });
  const directory = join(box.root, 'sources/candle-plugin-broken-1.0.0');
  writeFileSync(join(directory, 'package.json'), '{"name": "candle-plug');
  await expectHarmless(box, { code: 'PLUGIN_PACKAGE_DAMAGED', message: expect.stringContaining(directory) });
  rmSync(directory, { recursive: true });
  await expectHarmless(box, {
    code: 'PLUGIN_FILES_MISSING',
    message: `The plugin candle-plugin-broken is gone from ${directory}`,
  });
  expect(await box.output('plugins', 'unlink', 'candle-plugin-broken')).toBe('Unlinked candle-plugin-broken\n');
  expect(await box.output('plugins')).toMatch(/^candle-plugin-sound 1\.0\.0 /);
});

test('a damaged list of plugins stops no command of Candle, is never overwritten, and reset is the way out', async () => {
  const box = await withBroken({ commands: { broken: true } });
  writeFileSync(join(box.dataDir, 'package.json'), '{"oclif": {"plugins": [{"name"');
  expect(await box.output('list-reserved-ports')).toBe('No reserved ports found for current project\n');
  expect((await box.output('--help')).length).toBeGreaterThan(1000);
  const problem = {
    code: 'PLUGIN_LIST_DAMAGED',
    message: `The list of plugins ${join(box.dataDir, 'package.json')} cannot be read, so no plugin is loaded`,
    hint: 'candle plugins reset removes all plugins; install them again after that',
  };
  for (const line of [
    ['plugins'],
    ['sound'],
    ['plugins', 'link', box.directory(sound)],
    ['plugins', 'uninstall', 'x'],
  ]) {
    expect(await box.failure(...line)).toMatchObject(problem);
  }
  expect((await box.run('doctor')).stdout).toMatch(/^warning +plugins +The list of plugins/m);
  expect(await box.output('plugins', 'reset')).toBe('No plugin is left\n');
  expect(box.left()).toEqual([]);
  expect(await box.output('plugins', 'link', box.directory(sound))).toMatch(/^Linked candle-plugin-sound/);
});

test('hooks of a plugin are on the way of no command: init, prerun, postrun, command_not_found and finally are left out', async () => {
  const hook = "process.stdout.write('hooked'); process.exit(7);";
  const hooks = {
    init: './hook',
    prerun: './hook',
    postrun: './hook',
    finally: './hook',
    command_not_found: './hook',
    preparse: './hook',
  };
  const box = pluginBox();
  await box.run('plugins', 'link', box.directory({ ...sound, oclif: { hooks }, files: { 'hook.js': hook } }));
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
  expect(await box.output('list-reserved-ports')).toBe('No reserved ports found for current project\n');
  expect((await box.run('zzzzzzzz')).stderr).toBe("Error: Unknown command 'zzzzzzzz'\ncandle --help\n");
});

test('no command of a plugin takes the place of one of Candle’s or of another plugin’s, and that is told', async () => {
  const box = pluginBox();
  await box.output('plugins', 'link', box.directory(sound));
  const greedy = box.directory({
    name: 'candle-plugin-greedy',
    commands: { greedy: true, 'list-reserved-ports': true, stop: true, 'start:faster': true, help: true, sound: true },
  });
  const taken = (command: string, owner: string) =>
    `Warning: 'candle ${command}' of the plugin candle-plugin-greedy is left out: the name belongs to ${owner}\nMend it, or: candle plugins unlink candle-plugin-greedy\n`;
  const told = [
    ...['list-reserved-ports', 'stop', 'start faster', 'help'].map((command) => taken(command, 'Candle itself')),
    taken('sound', 'the plugin candle-plugin-sound'),
  ].sort();
  for (const line of [['plugins', 'link', greedy], ['plugins'], ['plugins', 'inspect', 'candle-plugin-greedy']]) {
    const { stderr, exitCode } = await box.run(...line);
    expect(exitCode).toBe(0);
    expect(stderr.split(/(?=Warning: )/).sort()).toEqual(told);
  }
  expect((await box.run('doctor')).stdout.match(/^warning +plugins/gm)).toHaveLength(told.length);
  expect(await box.output('greedy')).toBe('greedy of candle-plugin-greedy 1.0.0\n');
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
  expect(await box.output('list-reserved-ports')).toBe('No reserved ports found for current project\n');
  expect((await box.run('start', 'faster')).stdout).not.toContain('greedy');
  expect(await box.output('help')).not.toContain('greedy of');
});

test('a package by the name of a part of Candle does not become that part', async () => {
  const box = pluginBox();
  const directory = box.directory({ name: '@candle/cli', commands: { evil: true } });
  expect((await box.failure('plugins', 'link', directory)).code).toBe('PLUGIN_NONE');
  const entry = { name: 'x', type: 'link', root: directory };
  mkdirSync(box.dataDir, { recursive: true });
  writeFileSync(join(box.dataDir, 'package.json'), JSON.stringify({ oclif: { plugins: [entry] } }));
  expect((await box.failure('evil')).code).toBe('PLUGIN_NOT_LOADABLE');
  expect((await box.output('--help')).length).toBeGreaterThan(1000);
});
