import { describe, expect, test } from 'vitest';
import { hasTerminals, inTerminal } from '../in-terminal.ts';
import { freePort } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { commands } from '../spec/commands/manifest.ts';

const aliases = commands.flatMap((command) => command.aliases);

describe('candle help', () => {
  test('lists commands by task, no aliases, and the commands that work on all projects', async () => {
    const box = sandbox();
    const { stdout } = await box.candle(['help']);
    expect(stdout.match(/^[A-Z ]+$/gm)).toEqual([
      'USAGE',
      'START AND STOP',
      'INSPECT',
      'PORTS',
      'CONFIGURE',
      'AGENTS',
      'PLUGINS',
      'MAINTENANCE',
      'TOPICS',
    ]);
    const listed = [...stdout.matchAll(/^ {2}([a-z][a-z-]*(?: guide)?)(?= {2}|$)/gm)].map(([, name]) => name);
    expect(listed).toEqual(expect.arrayContaining(['up', 'who-has', 'agents guide', 'plugins', 'help']));
    expect(listed.filter((name = '') => aliases.includes(name))).toEqual([]);
    expect(listed.filter((name = '') => name.endsWith('-all'))).toEqual(['kill-all', 'ps-all']);
    expect(stdout).toMatch(/^For all projects, add --all to: kill, ps, list, list-reserved-ports, list-ports$/m);
    expect(listed).toHaveLength(new Set(listed).size);
    for (const line of [['--help'], ['-h']]) expect(await box.candle(line)).toMatchObject({ stdout, exitCode: 0 });
  });

  test.runIf(hasTerminals)('wraps its lines to the width of the terminal', async () => {
    const box = sandbox();
    const widest = async (columns: string) => {
      const env = { ...box.env, COLUMNS: columns, NO_COLOR: '1' };
      const { stdout } = await inTerminal({ ...box, env }, '', 'wait', 'help');
      return Math.max(...stdout.split(/\r?\n/).map((line) => line.length));
    };
    expect(await widest('60')).toBeLessThanOrEqual(80);
    expect(await widest('120')).toBeGreaterThan(80);
  });

  test('prints the commands and the parts of any page of the documentation', async () => {
    const box = sandbox();
    const { stdout } = await box.candle(['help']);
    const topics = /^TOPICS\n((?: {2}.+\n)+)/m.exec(stdout)?.[1]?.trim().split(/,\s+/) ?? [];
    expect(topics).toEqual(expect.arrayContaining(['ports', 'configuration', 'agents', 'config', 'errors', 'json']));
    const ports = (await box.candle(['help', 'ports'])).stdout;
    expect(ports).toMatch(/^Ports you can rely on\n\nCOMMANDS\n {2}get-or-reserve-port /);
    expect(ports).toMatch(/^To read the page: candle get-doc ports$/m);
    expect((await box.candle(['agents'])).stdout).toMatch(/^ {2}agents guide /m);
    const json = (await box.candle(['help', 'json'])).stdout;
    expect(json).toMatch(/^# Output of `--json`\n/);
    expect(json).toBe((await box.candle(['get-doc', 'json'])).stdout.concat('\n'));
    // A command has the name of this page.
    expect((await box.candle(['help', 'trust'])).stdout).toMatch(/^More: candle get-doc trust$/m);
  });

  test.each([
    ['reserve-prot', '; did you mean candle help reserve-port?'],
    ['Disk', '; did you mean candle help full-disk?'],
    ['kubernetes', '; the topics are concepts, '],
  ])('suggests a command or a topic for %s', async (name, suggestion) => {
    const { stderr, exitCode } = await sandbox().candle(['help', name]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`Error: Unknown command or topic '${name}'${suggestion}`);
    expect(stderr).toMatch(/^All commands: candle help$/m);
  });
});

test('the help of a command shows its exit codes, and a sample of what it prints', async () => {
  const box = sandbox({ config: { services: [] } });
  const { stdout } = await box.candle(['help', 'reserve-port']);
  expect(stdout).toMatch(/^EXIT CODES\n {2}0 +Success\.\n {2}1 +Error, .+\n {2}130 +Interrupted\.$/m);
  const general = (text: string, port: number) =>
    text
      .replaceAll(String(port), '4000')
      .replace(/(Project: ).+/, '$1DIR')
      .replace(/(Reserved at: ).+/, '$1TIME');
  const port = await freePort();
  const samples = commands.flatMap(({ id, output }) => (output === undefined ? [] : [{ id, output }]));
  const order = ['reserve-port', 'get-reserved-port', 'get-or-reserve-port', 'list-reserved-ports', 'release-ports'];
  expect(samples.map(({ id }) => id).toSorted()).toEqual(order.toSorted());
  for (const id of order) {
    const [line = '', ...expected] = samples.find((sample) => sample.id === id)?.output.split('\n') ?? [];
    const printed = (await box.candle(line.replace('$ candle ', '').split(' '))).stdout.trimEnd();
    expect(general(printed, port)).toBe(general(expected.join('\n'), 4000));
  }
});

test('the help of a command lists its other names, and breaks its usage between flags', async () => {
  const box = sandbox();
  const help = async (...words: string[]) => (await box.candle(words)).stdout;
  expect(await help('open', '--help')).toMatch(/^ALIASES\n {2}\$ candle open-browser\n\n/m);
  expect(await help('plugins', 'add', '--help')).toMatch(/^ALIASES\n {2}\$ candle plugins install\n\n/m);
  const [, usage = ''] = /^USAGE\n(.+?)\n\n/ms.exec(await help('help', 'logs')) ?? [];
  expect(usage).toContain('[--grep TEXT] [--regex]');
  expect(
    usage.split('\n').map((line) =>
      line
        .trim()
        .replaceAll(/\[[^[\]]+\]/g, '')
        .trim(),
    ),
  ).toEqual([
    '$ candle logs',
    ...usage
      .split('\n')
      .slice(1)
      .map(() => ''),
  ]);
  expect(await box.candle(['help', 'logs', 'ps'])).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: "Error: Unexpected argument: 'ps'\nFor help: candle help --help\n",
  });
});
