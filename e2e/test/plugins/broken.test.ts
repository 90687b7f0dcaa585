import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type PluginBox, pluginBox } from './plugin-box.ts';
import { commandSource, type PluginParts, printing } from './plugin-package.ts';

const sound: PluginParts = { name: 'candle-plugin-sound', commands: { sound: true } };
const hintFor = (name: string) => `Fix it, or unlink it: candle plugins unlink ${name}`;

/** Links a sound plugin and then one that is broken in the way of `parts`. */
async function withBroken(parts: Partial<PluginParts>): Promise<PluginBox> {
  const box = pluginBox();
  await box.run('plugins', 'link', box.directory(sound));
  await box.run('plugins', 'link', box.directory({ name: 'candle-plugin-broken', ...parts }));
  return box;
}

interface Broken {
  readonly name: string;
  readonly code: string;
  readonly message: unknown;
}

/** Whatever is wrong with plugins: Candle's own commands and other plugins do not notice, and each is named where one deals with it. */
async function expectHarmless(box: PluginBox, broken: readonly Broken[]): Promise<void> {
  expect(await box.output('list-reserved-ports')).toBe('No reserved ports found for current project\n');
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
  expect(await box.output('--help')).toMatch(/^ +sound +Of a test\.$/m);
  expect(await box.json('plugins')).toMatchObject({
    plugins: [
      { name: 'candle-plugin-sound', problems: [] },
      ...broken.map(({ name, code, message }) => ({ name, problems: [{ code, message, hint: hintFor(name) }] })),
    ],
  });
  const { stdout, stderr, exitCode } = await box.run('plugins');
  expect(exitCode).toBe(0);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ', 1).join('')),
  ).toEqual(['candle-plugin-sound', ...broken.map(({ name }) => name)]);
  const told = stderr.trim().split(/\n(?=Warning: )/);
  expect(told).toEqual(
    broken.map(({ name }) => expect.stringMatching(new RegExp(`^Warning: .*${name}.*\\n${hintFor(name)}$`))),
  );
  const doctor = await box.run('doctor');
  expect(doctor).toMatchObject({ exitCode: 0, stderr: '' });
  for (const { name } of broken) expect(doctor.stdout).toMatch(new RegExp(`^warning +plugins +.*${name}`, 'm'));
}

/** A plugin without a manifest, so that its command is loaded whenever plugins are looked at. */
const loading = (name: string, source: string): PluginParts => ({
  name: `candle-plugin-${name}`,
  commands: { [name]: source },
  isPrepared: false,
});
const kit = (version: string) => JSON.stringify({ name: '@candle/cli-kit', version });

/** What can be wrong with a plugin, by what its command says then. */
const kinds: readonly [parts: PluginParts, code: string, message: RegExp][] = [
  [loading('throws', "throw new Error('no such luck');"), 'PLUGIN_NOT_LOADABLE', /could not be loaded: no such luck$/],
  [
    loading('incomplete', "import 'nowhere';"),
    'PLUGIN_NOT_LOADABLE',
    /could not be loaded: Cannot find package 'nowhere'/,
  ],
  [loading('garbled', 'export default {{{'), 'PLUGIN_NOT_LOADABLE', /could not be loaded: .*Unexpected token/],
  [loading('exits', 'process.exit(3);'), 'PLUGIN_NOT_LOADABLE', /could not be loaded: it ended the process/],
  [
    { name: 'candle-plugin-future', manifest: { engines: { node: '>=99' } }, commands: { future: true } },
    'PLUGIN_NODE_MISMATCH',
    /requires Node\.js >=99, but this is \d/,
  ],
  [
    {
      name: 'candle-plugin-other',
      manifest: { dependencies: { '@candle/cli-kit': '^77.0.0' } },
      commands: { other: true },
    },
    'PLUGIN_CANDLE_MISMATCH',
    /requires Candle \^77\.0\.0, but this is \d/,
  ],
  [
    {
      name: 'candle-plugin-carrier',
      manifest: { dependencies: { '@candle/cli-kit': 'file:../kit' } },
      commands: { carrier: true },
      files: { 'node_modules/@candle/cli-kit/package.json': kit('77.1.0') },
    },
    'PLUGIN_CANDLE_MISMATCH',
    /requires Candle 77\.1\.0, but this is \d/,
  ],
];

test('plugins that throw, lack a module, are no JavaScript, end the process, or need another Node or Candle', async () => {
  const box = pluginBox();
  for (const parts of [sound, ...kinds.map(([parts]) => parts)]) await box.run('plugins', 'link', box.directory(parts));
  const broken = kinds.map(([{ name }, code, message]) => ({ name, code, message: expect.stringMatching(message) }));
  await expectHarmless(box, broken);
  // Its own command says what is wrong, too.
  for (const { name, code, message } of broken) {
    expect(await box.failure(name.replace('candle-plugin-', ''))).toMatchObject({
      code,
      message,
      hint: hintFor(name),
    });
  }
});

test('plugins without a manifest that print, turn round in themselves for ever, or wait for what never comes', async () => {
  const box = pluginBox();
  const link = (name: string, source: string) => ({ name, type: 'link', root: box.directory(loading(name, source)) });
  const plugins = [link('turns', "console.log('noise'); for (;;);"), link('waits', 'await new Promise(() => {});')];
  const list = plugins.map((entry) => ({ ...entry, name: `candle-plugin-${entry.name}` }));
  mkdirSync(box.dataDir, { recursive: true });
  writeFileSync(join(box.dataDir, 'package.json'), JSON.stringify({ oclif: { plugins: list } }));
  expect(await box.output('list-reserved-ports')).toBe('No reserved ports found for current project\n');
  const told = ({ name }: { name: string }) =>
    `Warning: The plugin ${name} could not be loaded: it did not load within 3 seconds\n${hintFor(name)}\n`;
  expect(await box.run('plugins')).toEqual({
    exitCode: 0,
    stdout: list.map(({ name, root }) => `${name} 1.0.0 (link) ${root} - cannot be used\n`).join(''),
    stderr: list.map(told).join(''),
  });
});

test('a plugin without a manifest that changes what all JavaScript stands on, and the exit code', async () => {
  const source = `Object.prototype.name = 'mine';
    process.on('exit', () => { process.exitCode = 9; });
    ${printing('broken')}`;
  const box = await withBroken({ commands: { broken: source }, isPrepared: false });
  expect(await box.output('plugins')).toMatch(
    /^candle-plugin-sound .* candle sound\ncandle-plugin-broken .* candle broken\n$/,
  );
  expect(await box.output('--help')).toMatch(/^ +sound +Of a test\.$/m);
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
});

test('what a plugin leaves to fail by itself is nobody else’s failure, and its own command names it', async () => {
  const source = `Promise.reject(new Error('no such luck')); ${printing('broken')}`;
  const box = await withBroken({ commands: { broken: source }, isPrepared: false });
  expect(await box.output('plugins')).toMatch(/ - candle sound\n.* - candle broken\n$/);
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
  expect((await box.run('doctor')).stderr).toBe('');
  expect(await box.run('broken')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/^Error: The plugin candle-plugin-broken 1\.0\.0 failed: no such luck\n/),
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
      'Error: The plugin candle-plugin-broken 1.0.0 failed: no such luck\nTry a newer version: candle plugins update candle-plugin-broken. To see where it happened, run the command again with --debug\n',
  });
});

test('what a command of a plugin throws is named as the plugin’s; its stack is shown with --debug only', async () => {
  const box = await withBroken({ commands: { broken: commandSource("throw new TypeError('x is undefined');") } });
  expect(await box.failure('broken')).toMatchObject({
    code: 'PLUGIN_FAILED',
    message: 'The plugin candle-plugin-broken 1.0.0 failed: x is undefined',
  });
  const { stdout, stderr } = await box.run('broken');
  expect([stdout, stderr]).toEqual(['', expect.not.stringMatching(/bug in Candle|broken\.js/)]);
  expect((await box.run('broken', '--debug')).stderr).toMatch(/TypeError: x is undefined\n +at .*commands\/broken\.js/);
});

test('a plugin whose directory is gone, and one whose package.json is damaged', async () => {
  const box = await withBroken({ commands: { broken: true } });
  const directory = join(box.root, 'sources/candle-plugin-broken-1.0.0');
  writeFileSync(join(directory, 'package.json'), '{"name": "candle-plug');
  const name = 'candle-plugin-broken';
  await expectHarmless(box, [{ name, code: 'PLUGIN_PACKAGE_DAMAGED', message: expect.stringContaining(directory) }]);
  rmSync(directory, { recursive: true });
  const message = `The plugin ${name} is missing from ${directory}`;
  await expectHarmless(box, [{ name, code: 'PLUGIN_FILES_MISSING', message }]);
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
    message: `The list of plugins in ${join(box.dataDir, 'package.json')} cannot be read, so no plugins are loaded`,
    hint: 'To remove all plugins, and then install them again: candle plugins reset',
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
  expect(await box.output('plugins', 'reset')).toBe('No plugins left\n');
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
    `Warning: The plugin candle-plugin-greedy cannot provide 'candle ${command}': the name belongs to ${owner}\nFix it, or unlink it: candle plugins unlink candle-plugin-greedy\n`;
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
  mkdirSync(box.dataDir, { recursive: true });
  const list = (name: string) => ({ oclif: { plugins: [{ name, type: 'link', root: directory }] } });
  writeFileSync(join(box.dataDir, 'package.json'), JSON.stringify(list('@candle/cli')));
  expect((await box.failure('evil')).code).toBe('PLUGIN_NOT_LOADABLE');
  writeFileSync(join(box.dataDir, 'package.json'), JSON.stringify(list('candle-plugin-x')));
  expect(await box.json('plugins')).toMatchObject({
    plugins: [{ name: 'candle-plugin-x', problems: [{ code: 'PLUGIN_PACKAGE_DAMAGED' }] }],
  });
  expect((await box.output('--help')).length).toBeGreaterThan(1000);
});
