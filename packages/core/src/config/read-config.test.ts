import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callerTrust } from '../../test/temporary-candle.ts';
import { ConfigInvalidError, ConfigMissingError } from './config-errors.ts';
import { findConfig, getConfig, getConfiguredService } from './read-config.ts';

let base: string;
let project: string;
let path: string;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'candle-read-')));
  project = join(base, 'project');
  await mkdir(join(project, 'apps'), { recursive: true });
  path = join(project, '.candle.json');
});

afterEach(() => rm(base, { recursive: true }));

async function failureOf(text: string | Buffer): Promise<ConfigInvalidError> {
  await writeFile(path, text);
  const error: unknown = await findConfig(project, callerTrust).catch((caught: unknown) => caught);
  if (!(error instanceof ConfigInvalidError))
    throw new Error(`Not a ConfigInvalidError: ${String(error)}`, { cause: error });
  return error;
}

/** Problems as `line:column field: problem`. */
async function problemsOf(text: string): Promise<string[]> {
  const { problems } = await failureOf(text);
  return problems.map(({ line, column, field, problem }) => `${line}:${column} ${field}: ${problem}`);
}

const defaults = {
  portEnv: ['PORT'],
  ports: [],
  env: {},
  envFiles: [],
  oneshot: false,
  inputs: [],
  autostart: true,
  color: false,
  stopSignal: 'SIGTERM',
  stopTimeoutMs: 10_000,
  stopTarget: 'tree',
  restart: { policy: 'never', delayMs: 500, maxDelayMs: 30_000, maxAttempts: 10 },
  ready: { kind: 'reserved-port', intervalMs: 250, timeoutMs: 30_000 },
  dependsOn: [],
  enableStdin: false,
  tty: false,
  output: 'auto',
  logs: { maxBytes: 64 * 1024 * 1024, maxAgeMs: 7 * 24 * 3_600_000 },
};

describe('a valid config', () => {
  test('has its defaults filled in', async () => {
    await writeFile(path, '{"services": [{"name": "api", "shell": "npm run dev"}]}');
    expect(await getConfig(project, callerTrust)).toEqual({
      path,
      directory: { id: expect.any(String), uid: process.geteuid?.() },
      services: [{ name: 'api', shell: 'npm run dev', ...defaults }],
      ports: [],
      excludedPorts: [],
      warnings: [],
    });
  });

  test('can contain every key, comments, trailing commas, a byte order mark and unknown keys', async () => {
    const text = `\ufeff// head
{ "$schema": "x", "future": [1,],
  /* all */ "services": [{
    "name": "api", "shell": "run", "root": "apps", "env": { "A": "1", "B": 2, "C": true, "constructor": "x" },
    "envFile": ".env", "autostart": false, "color": true, "stopSignal": "int", "stopTimeout": "500ms", "stopTarget": "main",
    "stopCommand": "make down",
    "enableStdin": true, "restart": { "policy": "always", "delay": "1s", "maxDelay": "1m", "maxAttempts": 3 },
    "ready": { "log": "up in \\\\d+", "regex": true, "interval": 1, "timeout": "2s" }, "dependsOn": "web",
    "logs": { "maxBytes": "1MB", "maxAge": "2h" }, "later": {},
  }, { "name": "web", "shell": "run", "envFile": ["a", "b"], "stopSignal": "SIGUSR1", "stopTimeout": 3 },
  { "name": "job", "shell": "run", "oneshot": true, "inputs": ["schema.sql"], "tty": true },],
}`;
    await writeFile(path, text.replaceAll('\n', '\r\n'));
    expect((await getConfig(project, callerTrust)).services).toEqual([
      {
        name: 'api',
        shell: 'run',
        root: 'apps',
        portEnv: ['PORT'],
        ports: [],
        env: { A: '1', B: '2', C: 'true', constructor: 'x' },
        envFiles: ['.env'],
        oneshot: false,
        inputs: [],
        autostart: false,
        color: true,
        stopSignal: 'SIGINT',
        stopTimeoutMs: 500,
        stopTarget: 'main',
        stopCommand: 'make down',
        restart: { policy: 'always', delayMs: 1000, maxDelayMs: 60_000, maxAttempts: 3 },
        ready: { kind: 'log', text: 'up in \\d+', isRegex: true, intervalMs: 1000, timeoutMs: 2000 },
        dependsOn: ['web'],
        enableStdin: true,
        tty: false,
        output: 'auto',
        logs: { maxBytes: 1024 * 1024, maxAgeMs: 7_200_000 },
      },
      { ...defaults, name: 'web', shell: 'run', envFiles: ['a', 'b'], stopSignal: 'SIGUSR1', stopTimeoutMs: 3000 },
      {
        ...defaults,
        ...{ name: 'job', shell: 'run', oneshot: true, inputs: ['schema.sql'] },
        // A terminal accepts input without `enableStdin`.
        ...{ tty: true, enableStdin: true },
        ready: { ...defaults.ready, kind: 'done' },
      },
    ]);
  });

  test('can be keyed by name, in the order of the text', async () => {
    await writeFile(
      path,
      '{"services": {"web": {"shell": "a"}, "1": {"shell": "b", "name": "1"}, "__proto__": {"shell": "c"}, "constructor": {"shell": "d"}}}',
    );
    const { services } = await getConfig(project, callerTrust);
    expect(services.map(({ name, shell }) => `${name}=${shell}`)).toEqual([
      'web=a',
      '1=b',
      '__proto__=c',
      'constructor=d',
    ]);
  });

  test.each([
    '',
    ' \r\n\t',
    '\ufeff',
    '// nothing yet',
    '/* a */\n// b\n',
    '{}',
    '{"services": []}',
    '{"services": {}}',
  ])('%j is an empty project', async (text) => {
    await writeFile(path, text);
    expect(await getConfig(project, callerTrust)).toMatchObject({ path, services: [], ports: [], excludedPorts: [] });
  });

  test('a root need not exist yet', async () => {
    await writeFile(path, '{"services": [{"name": "api", "shell": "x", "root": "not/yet"}]}');
    expect((await getConfig(project, callerTrust)).services[0]?.root).toBe('not/yet');
  });
});

describe('the config file', () => {
  test('is optional for findConfig and required for getConfig', async () => {
    expect(await findConfig(project, callerTrust)).toBeUndefined();
    expect(await findConfig(join(project, 'gone/below'), callerTrust)).toBeUndefined();
    await expect(getConfig(project, callerTrust)).rejects.toThrow(ConfigMissingError);
    await expect(getConfig(project, callerTrust)).rejects.toMatchObject({
      code: 'CONFIG_MISSING',
      hint: 'To create one from the files of the project: candle init',
    });
  });

  test('is .candle-setup.json only if there is no .candle.json', async () => {
    const older = join(project, '.candle-setup.json');
    await writeFile(older, '{"services": [{"name": "old", "shell": "x"}]}');
    expect(await getConfig(project, callerTrust)).toMatchObject({ path: older, services: [{ name: 'old' }] });
    await writeFile(path, '');
    expect(await getConfig(project, callerTrust)).toMatchObject({ path, services: [], ports: [], excludedPorts: [] });
  });

  test('can be a symbolic link, which is reported with its own path', async () => {
    await writeFile(join(base, 'shared.json'), '{"services": [{"name": "api", "shell": "x"}]}');
    await symlink('../shared.json', path);
    expect(await getConfig(project, callerTrust)).toMatchObject({ path, services: [{ name: 'api' }] });
  });
});

describe('problems', () => {
  test('are reported all at once, in the order of the text, with line and field', async () => {
    const error = await failureOf(`{
  "services": [
    { "name": "api",
      "shell": "" },
    { "name": "web", "shell": "x", "root": "../..", "stopTimeout": "soon" },
    {
      "shell": "y",
      "name": "api"
    }
  ]
}`);
    expect(error.message).toBe(
      `${path} is not valid (4 problems):
  line 4: services[0].shell: must be a non-empty string
  line 5: services[1].root: must stay inside the project ${project}
  line 5: services[1].stopTimeout: must be a duration from 0 to 24 days: a number of seconds, or '500ms', '10s', '5m', '2h'
  line 8: services[2].name: 'api' is already the name of services[0]`,
    );
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.details.problems).toHaveLength(4);
    expect(error.problems[0]).toEqual({
      file: path,
      line: 4,
      column: 16,
      field: 'services[0].shell',
      problem: 'must be a non-empty string',
    });
  });

  test.each<[string, string]>([
    ['[]', '1:1 : must be an object: { "services": [] }'],
    ['"x"', '1:1 : must be an object: { "services": [] }'],
    ['null', '1:1 : must be an object: { "services": [] }'],
    ['{"services": 3}', '1:14 services: must be a list of services, or an object of services by name'],
    ['{"services": null}', '1:14 services: must be a list of services, or an object of services by name'],
    ['{"service": []}', "1:2 services: is missing; rename 'service' to 'services'"],
    ['{"$schema": 1}', '1:13 $schema: must be a string'],
    ['{"services": [3]}', "1:15 services[0]: must be an object with 'name' and 'shell'"],
    ['{"services": {"a": []}}', "1:20 services.a: must be an object with 'name' and 'shell'"],
    ['{"services": {"a b": null}}', "1:22 services['a b']: must be an object with 'name' and 'shell'"],
    ['{"services": [{"shell": "x"}]}', '1:15 services[0].name: is missing'],
    ['{"services": [{"name": "a"}]}', '1:15 services[0].shell: is missing'],
    ['{"services": {"a": {}}}', '1:20 services.a.shell: is missing'],
    ['{"services": [{"name": "a", "cmd": "x"}]}', "1:29 services[0].shell: is missing; rename 'cmd' to 'shell'"],
    ['{"services": {"a": {"Shel": "x"}}}', "1:21 services.a.shell: is missing; rename 'Shel' to 'shell'"],
    ['{"services": [{"name": "", "shell": "x"}]}', '1:24 services[0].name: must not be empty'],
    ['{"services": [{"name": 1, "shell": "x"}]}', '1:24 services[0].name: must be a non-empty string'],
    ['{"services": {"": {"shell": "x"}}}', "1:15 services['']: must not be empty"],
    ['{"services": {"-a": {"shell": "x"}}}', "1:15 services.-a: must not begin with '-'"],
    ['{"services": {"a": {"name": "b", "shell": "x"}}}', "1:29 services.a.name: must equal its key 'a', or be omitted"],
    ['{"services": {"a": {"shell": "x"}, "a": {"shell": "y"}}}', "1:36 services.a: 'a' is given more than once"],
    ['{"services": [], "services": []}', "1:18 services: 'services' is given more than once"],
    [
      '{"services": [{"name": "a", "shell": "x", "shell": "y"}]}',
      "1:43 services[0].shell: 'shell' is given more than once",
    ],
    ['{"services": [{"name": "a", "shell": "a\\u0000"}]}', '1:38 services[0].shell: must not contain null characters'],
    ['{"services": [{"name": "a", "shell": " "}]}', '1:38 services[0].shell: must be a non-empty string'],
    ['{"services": [{"name": "a", "shell": null}]}', '1:38 services[0].shell: must be a non-empty string'],
    ['{"services": [{"name": "a", "shell": "x", "root": ""}]}', '1:51 services[0].root: must not be empty'],
    [
      '{"services": [{"name": "a", "shell": "x", "root": 1}]}',
      '1:51 services[0].root: must be a path relative to the project',
    ],
    [
      '{"services": [{"name": "a", "shell": "x", "env": []}]}',
      '1:50 services[0].env: must be an object of variables and their values',
    ],
    ['{"services": [{"name": "a", "shell": "x", "env": {"A": null}}]}', '1:56 services[0].env.A: must be a string'],
    [
      '{"services": [{"name": "a", "shell": "x", "env": {"A=": "1"}}]}',
      "1:57 services[0].env['A=']: must have a non-empty name without '=' or null characters",
    ],
    [
      '{"services": [{"name": "a", "shell": "x", "env": {"A": "1", "A": "2"}}]}',
      "1:61 services[0].env.A: 'A' is given more than once",
    ],
    [
      '{"services": [{"name": "a", "shell": "x", "envFile": 1}]}',
      '1:54 services[0].envFile: must be a non-empty path or a list of paths',
    ],
    [
      '{"services": [{"name": "a", "shell": "x", "autostart": "no"}]}',
      '1:56 services[0].autostart: must be true or false',
    ],
    ['{"services": [{"name": "a", "shell": "x", "color": 1}]}', '1:52 services[0].color: must be true or false'],
    [
      '{"services": [{"name": "a", "shell": "x", "stopSignal": "STOP"}]}',
      '1:57 services[0].stopSignal: must be one of SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGKILL, SIGUSR1, SIGUSR2',
    ],
    [
      '{"services": [{"name": "a", "shell": "x", "stopTimeout": -1}]}',
      "1:58 services[0].stopTimeout: must be a duration from 0 to 24 days: a number of seconds, or '500ms', '10s', '5m', '2h'",
    ],
    [
      '{"services": [{"name": "a", "shell": "x", "stopTimeout": true}]}',
      "1:58 services[0].stopTimeout: must be a duration from 0 to 24 days: a number of seconds, or '500ms', '10s', '5m', '2h'",
    ],
  ])('%s', async (text, problem) => {
    expect(await problemsOf(text)).toEqual([problem]);
  });

  test.each<[string, string]>([
    ['{\n  "services": [\n    {"name": "a" "shell": "x"}\n  ]\n}', "3:18 : expected ','"],
    ['{\r\n  services: []\r\n}', '2:3 : is not JSON: strings and keys need double quotes'],
    ['{"services": [', "1:15 : expected ']'"],
    ['{} {}', '1:4 : nothing may follow the end of the object'],
    ['{"a": "b', '1:7 : a string has no closing double quote'],
    ['/* open', "1:1 : a comment has no '*/'"],
    ['hello', '1:1 : is not JSON: strings and keys need double quotes'],
    ['['.repeat(100_000), '1:101 : is nested deeper than 100 levels'],
  ])('syntax: %.40s', async (text, problem) => {
    expect((await problemsOf(text))[0]).toBe(problem);
  });

  test('include a root that is a symbolic link out of the project', async () => {
    await symlink(base, join(project, 'up'));
    expect(await problemsOf('{"services": {"a": {"shell": "x", "root": "up/there"}}}')).toEqual([
      `1:43 services.a.root: must stay inside the project ${project}`,
    ]);
  });

  test('are limited to 50 in the message, but not in the details', async () => {
    const error = await failureOf(`{"services": [${Array(60).fill('1').join()}]}`);
    expect(error.message.split('\n')).toHaveLength(52);
    expect(error.message).toMatch(/\n {2}and 10 more$/);
    expect(error.problems).toHaveLength(60);
  });
});

describe('a config that is not a text file', () => {
  test.each<[string, Buffer, string]>([
    ['null bytes', Buffer.from('{}\0'), 'is not a text file: it contains null bytes'],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le'), 'is UTF-16 text'],
    ['Latin-1', Buffer.from('{"é": 1}', 'latin1'), 'is not UTF-8 text'],
    ['more than 1 MiB', Buffer.alloc(1024 * 1024 + 1, ' '), 'is larger than 1 MiB'],
  ])('%s', async (_, bytes, problem) => {
    const error = await failureOf(bytes);
    expect(error.message).toBe(`${path} ${problem}`);
    expect(error.hint).toMatch(/\w/);
  });

  test('exactly 1 MiB is read', async () => {
    await writeFile(path, Buffer.alloc(1024 * 1024, ' '));
    expect((await getConfig(project, callerTrust)).services).toEqual([]);
  });

  test('a directory', async () => {
    await mkdir(path);
    await expect(findConfig(project, callerTrust)).rejects.toThrow(`${path} is a directory`);
  });

  test('a named pipe does not block', async () => {
    execFileSync('mkfifo', [path]);
    await expect(findConfig(project, callerTrust)).rejects.toThrow(`${path} is not a regular file`);
  });

  test.each([
    ['nowhere', 'is a symbolic link to a file that does not exist'],
    ['.candle.json', 'is a symbolic link to itself'],
    ['/dev/null', 'is not a regular file'],
  ])('a link to %s', async (target, problem) => {
    await symlink(target, path);
    await expect(findConfig(project, callerTrust)).rejects.toThrow(`${path} ${problem}`);
  });

  test('a file that this user cannot read', async () => {
    await writeFile(path, '{}', { mode: 0o200 });
    await chmod(base, 0o755);
    await asNobody(() =>
      expect(findConfig(project, callerTrust)).rejects.toThrow(`${path} cannot be read: permission denied`),
    );
  });

  test.runIf(process.platform === 'linux')('a file of the kernel that fails only when it is read', async () => {
    await symlink('/proc/self/mem', path);
    await expect(findConfig(project, callerTrust)).rejects.toThrow(`${path} cannot be read (EIO)`);
  });

  test('a directory that this user cannot enter', async () => {
    await chmod(base, 0o600);
    await asNobody(() =>
      expect(findConfig(project, callerTrust)).rejects.toThrow(`${path} cannot be read: permission denied`),
    );
    await chmod(base, 0o755);
  });
});

/** Root can read every file, so for root the check runs with the effective user nobody. */
async function asNobody(check: () => Promise<void>): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    await check();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test('a service is found by its whole name, and the error for an unknown name suggests the nearest one', async () => {
  await writeFile(path, '{"services": {"web": {"shell": "x"}, "frontend": {"shell": "y"}}}');
  const config = await getConfig(project, callerTrust);
  expect(getConfiguredService(config, 'frontend').shell).toBe('y');
  expect(() => getConfiguredService(config, 'fronted')).toThrow(
    expect.objectContaining({
      code: 'SERVICE_NOT_CONFIGURED',
      message: `Service 'fronted' is not configured in ${path}`,
      hint: "Did you mean 'frontend'?",
    }),
  );
  expect(() => getConfiguredService(config, 'my db')).toThrow(
    expect.objectContaining({ hint: "To add it: candle add-service 'my db' --shell 'npm run dev'" }),
  );
});
