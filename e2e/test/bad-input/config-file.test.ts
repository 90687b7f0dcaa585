import { chmodSync, lstatSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { sandbox } from '../sandbox.ts';
import { whyNoRights, withoutRights } from './as-user.ts';
import { brokenConfigs } from './broken-configs.ts';
import { expectRefusal, inSandbox, refusal } from './refusal.ts';

const otherCommandsThatNeedIt = [
  ['check-start'],
  ['up'],
  ['restart'],
  ['start', 'other', '--shell', 'pwd'],
  ['add-service', 'other', '--shell', 'pwd'],
  ['remove-service', 'api'],
] as const;

/** The state of the file itself; does not follow a link, and does not wait for a pipe. */
function snapshotOf(path: string): unknown {
  const { ino, mode, size, mtimeMs } = lstatSync(path);
  return { ino, mode, size, mtimeMs, text: lstatSync(path).isFile() ? readFileSync(path, 'latin1') : undefined };
}

inPart(4).each(brokenConfigs)(
  'if .candle.json is $title, commands that need it fail and do not change it',
  async (broken) => {
    const box = sandbox();
    const path = join(box.projectDir, '.candle.json');
    broken.make(path);
    const before = snapshotOf(path);
    const error = await refusal(inSandbox(box), ['start']);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: `${path} ${broken.problem}`, details: { path } });
    expect(error.hint.length).toBeGreaterThan(10);
    expect(error.details.problems).toContainEqual(expect.objectContaining({ file: path }));
    const others = otherCommandsThatNeedIt.map(async (line) => expectRefusal(await box.candle(line), error));
    await Promise.all(others);
    expect(snapshotOf(path)).toEqual(before);
    expect(await box.candleJson(['setup-project'])).toEqual({ path, created: false });
    expect((await box.candleJson(['ps', '--all'])).services).toEqual([]);
  },
);

test('if .candle.json is unreadable, commands that need it fail, and the others print a warning', async ({ skip }) => {
  skip(whyNoRights !== undefined, whyNoRights);
  const box = sandbox({ config: { services: [] } });
  const run = withoutRights(box);
  const path = join(box.projectDir, '.candle.json');
  chmodSync(path, 0o000);
  for (const line of [['start'], ['add-service', 'api', '--shell', 'pwd']] as const) {
    const { code, message } = await refusal(run, line);
    expect([code, message]).toEqual(['CONFIG_INVALID', `${path} cannot be read: permission denied`]);
  }
  expect(await run(['reserve-port', 'api'])).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(/^Reserved port \d+ for service 'api'\n$/),
    stderr: `Warning: ${path} cannot be read: permission denied\nFix ${path}\n`,
  });
});

test('all problems in .candle.json are reported together, with file, line and field', async () => {
  const box = sandbox({
    config: '{\n  "services": [\n    { "name": "", "shell": 7 },\n    { "nam": "web" },\n    "x"\n  ]\n}\n',
  });
  const { message, details } = await refusal(inSandbox(box), ['start']);
  expect(message.split('\n').slice(1)).toEqual([
    '  line 3: services[0].name: must not be empty',
    '  line 3: services[0].shell: must be a non-empty string',
    '  line 4: services[1].shell: is missing',
    "  line 4: services[1].name: is missing; rename 'nam' to 'name'",
    "  line 5: services[2]: must be an object with 'name' and 'shell'",
  ]);
  expect(details.problems).toHaveLength(5);
});

test('all problems with ports and templates are reported together, each with its line', async () => {
  const box = sandbox({ config: configWithInvalidPorts });
  const { message, details } = await refusal(inSandbox(box), ['start']);
  expect(message.split('\n')).toEqual([
    `${join(box.projectDir, '.candle.json')} is not valid (18 problems):`,
    '  line 3: services[0].port: must be "auto", a number from 1024 to 65535, or null for no port; use "auto" for any free port',
    '  line 4: services[1].port: must be "auto", a number from 1024 to 65535, or null for no port; only root can listen on lower ports',
    '  line 5: services[2].port: must be "auto", a number from 1024 to 65535, or null for no port',
    '  line 6: services[3].port: must be "auto", a number from 1024 to 65535, or null for no port',
    '  line 7: services[4].port: must be "auto", a number from 1024 to 65535, or null for no port',
    '  line 8: services[5].strictPort: requires a port number: set port to a number, or remove strictPort',
    "  line 10: services[7].port: 'first' also requires 3000: give them different numbers, or remove strictPort from one of them",
    '  line 11: services[8].port: 5000 is in excludePorts: remove it there, or choose another port',
    "  line 13: services[10].name: 'WEB.UI' and 'web-ui' would both set WEB_UI_PORT for other services: rename one of them",
    "  line 15: services[11].shell: ${services.nobody.port} refers to 'nobody', which is not configured",
    '  line 17: services[11].env.WEB: ${services.first.prot} must end with .port, .url or .browserUrl; did you mean ${services.first.port}?',
    "  line 18: services[11].env.A: is circular: 'A' → 'B' → 'A'; give one of them a value",
    "  line 20: services[11].env.C: ${env.HOME} refers to 'HOME', which is not in the env of this service; add it there, or write $HOME in shell",
    "  line 22: services[11].portEnv[0]: must be a variable name: letters, digits and '_', not starting with a digit",
    '  line 22: services[11].portEnv[1]: must not begin with CANDLE_: Candle sets these variables',
    "  line 23: services[11].ready.http: must be a path like '/health' or a URL",
    '  line 24: excludePorts[1]: must be a number from 1 to 65535',
    '  line 24: excludePorts[2]: must be a number from 1 to 65535',
  ]);
  expect(details.problems).toHaveLength(18);
  expect(await box.candle(['reserve-port', 'first'])).toMatchObject({ exitCode: 0 });
});

const configWithInvalidPorts = `{
  "services": [
    { "name": "zero", "shell": "x", "port": 0 },
    { "name": "low", "shell": "x", "port": 80, "strictPort": true },
    { "name": "high", "shell": "x", "port": 70000 },
    { "name": "word", "shell": "x", "port": "abc" },
    { "name": "half", "shell": "x", "port": 5173.5 },
    { "name": "none", "shell": "x", "strictPort": true },
    { "name": "first", "shell": "x", "port": 3000, "strictPort": true },
    { "name": "second", "shell": "x", "port": 3000, "strictPort": true },
    { "name": "excluded", "shell": "x", "port": 5000 },
    { "name": "web-ui", "shell": "x" },
    { "name": "WEB.UI", "shell": "x" },
    { "name": "templates",
      "shell": "x \${services.nobody.port}",
      "env": {
        "WEB": "\${services.first.prot}",
        "A": "\${env.B}",
        "B": "\${env.A}",
        "C": "\${env.HOME}"
      },
      "portEnv": ["1X", "CANDLE_PORT"],
      "ready": { "http": "localhost:\${port}" } }
  ], "excludePorts": [5000, 0, "6000-6100"]
}
`;

test('a broken .candle.json is not replaced by the older file or by the file of a parent directory', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'pwd' }] } });
  const inner = join(box.projectDir, 'inner');
  box.writeFile('inner/.candle.json', '{');
  box.writeFile('inner/.candle-setup.json', '{ "services": [] }');
  const { message } = await refusal(inSandbox(box, { cwd: inner }), ['start', 'api']);
  expect(message).toContain(`${inner}/.candle.json is not valid`);
  rmSync(join(inner, '.candle.json'));
  const { code } = await refusal(inSandbox(box, { cwd: inner }), ['start', 'api']);
  expect(code).toBe('SERVICE_UNKNOWN');
});
