import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { packPlugin } from '../../plugins/plugin-package.ts';
import { sandbox } from '../../sandbox.ts';
import { inBackground } from '../../services/background.ts';
import { program } from '../../services/programs.ts';
import { commandsWithSchema, schemaProblems } from './json-schemas.ts';
import { commands } from './manifest.ts';

const shell = 'echo up; exec sleep 1000';
const config = {
  services: [
    { name: 'api', shell, enableStdin: true },
    { name: 'page', shell: program('listens.mjs'), env: { PORT: '0' } },
  ],
};

const helloPlugin = fileURLToPath(new URL('../../fixtures/plugin-hello', import.meta.url));
/** The packed plugin, in each sandbox. */
const tarball = './plugin.tgz';

/** Commands with arguments; in this order they all succeed. */
const successes: Readonly<Record<string, readonly string[]>> = {
  'setup-project': [],
  init: [],
  'add-service': ['web', '--shell', shell, '--no-port'],
  up: [],
  'check-start': [],
  'wait-for-ready': ['api'],
  env: ['api'],
  list: [],
  'list-all': [],
  overview: [],
  ps: [],
  'ps-all': [],
  logs: [],
  send: ['api', 'text'],
  'list-ports': [],
  'list-ports-all': [],
  'open-browser': ['page'],
  url: ['page'],
  'wait-for-log': ['api', '--message', 'up'],
  restart: [],
  'clear-logs': [],
  start: ['web'],
  'reserve-port': ['api'],
  'get-reserved-port': ['api'],
  'get-or-reserve-port': ['api'],
  'list-reserved-ports': [],
  'list-reserved-ports-all': [],
  'who-has': ['4000'],
  'release-ports': [],
  down: ['web'],
  kill: [],
  'kill-all': [],
  'remove-service': ['web'],
  doctor: [],
  trust: ['.'],
  'plugins:link': [helloPlugin],
  'config-schema': [],
  'list-docs': [],
  'get-doc': ['tutorial'],
  'agents:guide': [],
  plugins: [],
  'plugins:inspect': ['candle-plugin-hello'],
  'plugins:update': [],
  'plugins:uninstall': ['candle-plugin-hello'],
  'plugins:install': [tarball],
  'plugins:reset': [],
  'erase-database': ['--force'],
};

/** Commands that run until they are interrupted, and print one object per line. */
const endless = ['watch'];

/** `exec` prints only the output of its command; `mcp` uses stdout for its protocol; the others are for people and shells. */
const withoutJson = ['completion', 'exec', 'help', 'mcp'];

test('the tests in this file cover every command', () => {
  expect(commands.map(({ id }) => id).sort()).toEqual([...Object.keys(successes), ...endless, ...withoutJson].sort());
  expect(commands.filter(({ flags }) => !('json' in flags)).map(({ id }) => id)).toEqual(withoutJson);
  expect(commandsWithSchema()).toEqual(
    [...Object.keys(successes), ...endless].filter((id) => !withoutSchema.includes(id)).sort(),
  );
});

/** The command that prints a schema. */
const withoutSchema = ['config-schema'];

/** Flags that a command requires. */
const needed: Readonly<Record<string, readonly string[]>> = {
  'add-service': ['--shell', 'x'],
  'wait-for-log': ['--message', 'x'],
};

/** Runs a command with --json, and returns the object on stdout; stderr must be empty. */
async function document(box: Sandbox, line: readonly string[], exitCode: number) {
  const result = await box.candle([...line, '--json']);
  expect({ line, stderr: result.stderr, exitCode: result.exitCode }).toEqual({ line, stderr: '', exitCode });
  const value: unknown = JSON.parse(result.stdout);
  expect(result.stdout.endsWith('}\n')).toBe(true);
  if (exitCode === 1) expect({ line, problems: schemaProblems('error', value) }).toEqual({ line, problems: [] });
  return value;
}

/** Every value of a document, with the name of its field. */
function fieldsOf(value: unknown, name = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[name, value]];
  return Object.entries(value).flatMap(([key, inner]) => fieldsOf(inner, Array.isArray(value) ? name : key));
}

test('with `--json`, each command prints one documented object; ports are numbers, and times are ISO 8601', async () => {
  const box = sandbox({ config });
  packPlugin(helloPlugin, join(box.projectDir, tarball));
  let times = 0;
  for (const [id, words] of Object.entries(successes)) {
    const value = await document(box, [id, ...words], 0);
    expect(value).toBeTypeOf('object');
    expect(value).not.toHaveProperty('error');
    if (withoutSchema.includes(id)) continue;
    expect({ id, problems: schemaProblems(id, value) }).toEqual({ id, problems: [] });
    for (const [name, field] of fieldsOf(value)) {
      if (/port$/i.test(name) && field !== null) expect([id, name, field]).toEqual([id, name, expect.any(Number)]);
      if (/At$/.test(name) && field !== null) {
        expect([id, name, field]).toEqual([id, name, new Date(String(field)).toISOString()]);
        times++;
      }
    }
  }
  expect(times).toBeGreaterThan(3);
});

const anyError = { code: expect.stringMatching(/^[A-Z_]+$/), message: expect.any(String), details: expect.any(Object) };

test('with `--json`, every command prints an error as one object on stdout, and nothing on stderr', async () => {
  const box = sandbox();
  for (const id of [...Object.keys(successes), ...endless]) {
    const usage = {
      ...anyError,
      code: 'USAGE',
      message: 'Unknown flag: --nonsense',
      hint: `For help: candle ${id.replaceAll(':', ' ')} --help`,
    };
    expect(await document(box, [id, '--nonsense'], 1)).toEqual({ error: usage });
  }
  const needing = commands.filter(
    ({ id, flags }) => 'project' in flags && !flags.project?.hidden && !withoutJson.includes(id),
  );
  for (const { id, args } of needing) {
    const words = Object.entries(args).flatMap(([name, { required }]) => (required ? [`a-${name}`] : []));
    const flags = needed[id] ?? [];
    const gone = await document(box, [id, ...words, ...flags, '--project', '/does/not/exist'], 1);
    expect({ id, gone }).toEqual({
      id,
      gone: { error: { ...anyError, code: 'PROJECT_GONE', hint: expect.any(String) } },
    });
  }
});

test('with `--json`, wrong usage, conflicts and failed starts are printed as error objects', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  const failures: [string[], string][] = [
    [['nonsense'], 'USAGE'],
    [['plugins', 'nonsense'], 'USAGE'],
    [['plugins', '--nonsense'], 'USAGE'],
    [['plugins', 'install'], 'USAGE'],
    [['help', 'nonsense'], 'USAGE'],
    [['get-reserved-port'], 'USAGE'],
    [['get-reserved-port', 'a', 'b'], 'USAGE'],
    [['list', '--project'], 'USAGE'],
    [['list', '--project', ''], 'USAGE'],
    [['list', '--all', 'api'], 'USAGE'],
    [['start', '--shell', 'x'], 'USAGE'],
    [['reserve-port', 'api'], 'PORT_ALREADY_RESERVED'],
    [['get-reserved-port', 'web'], 'PORT_NOT_RESERVED'],
    [['release-ports', '--port', 'x'], 'PORT_INVALID'],
    [['reserve-port', ''], 'SERVICE_NAME_INVALID'],
    [['kill', 'web'], 'SERVICE_UNKNOWN'],
    [['start', 'web', '--shell', 'exit 3'], 'SERVICE_START_FAILED'],
  ];
  for (const [line, code] of failures) {
    expect(await document(box, line, 1)).toEqual({ error: { ...anyError, code, hint: expect.anything() } });
  }
});

test('an argument after -- is not a flag', async () => {
  const box = sandbox({ config });
  const { stdout, stderr } = await box.candle(['get-reserved-port', '--', '--json']);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^Error: Service name '--json' must not begin with '-'\n/);
});

test('each line of `watch --json` and `logs -f --json` matches the published schema', async () => {
  const box = sandbox({ config });
  await box.candle(['start', 'api']);
  const follower = inBackground(box, ['logs', '-f', '--json']);
  await until('the line of the service is shown', () => follower.lines().some((line) => line.includes('"up"')));
  await follower.interrupt();
  const entries = follower.lines().map((line): unknown => JSON.parse(line));
  expect(entries).toContainEqual(expect.objectContaining({ kind: 'line', text: 'up', service: 'api' }));
  expect(entries.flatMap((entry) => schemaProblems('entry', entry))).toEqual([]);
});
