import { chmodSync, lstatSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { whyNoRights, withoutRights } from './as-user.ts';
import { brokenConfigs } from './broken-configs.ts';
import { expectRefusal, inSandbox, refusal } from './refusal.ts';

const otherCommandsThatNeedIt = [
  ['check-start'],
  ['restart'],
  ['start', 'other', '--shell', 'pwd'],
  ['add-service', 'other', '--shell', 'pwd'],
  ['remove-service', 'api'],
] as const;

/** The file as it is, without looking behind a link or waiting for a pipe. */
function imageOf(path: string): unknown {
  const { ino, mode, size, mtimeMs } = lstatSync(path);
  return { ino, mode, size, mtimeMs, text: lstatSync(path).isFile() ? readFileSync(path, 'latin1') : undefined };
}

test.each(brokenConfigs)('.candle.json is $title: what needs it is refused and leaves it as it is', async (broken) => {
  const box = sandbox();
  const path = join(box.projectDir, '.candle.json');
  broken.make(path);
  const before = imageOf(path);
  const error = await refusal(inSandbox(box), ['start']);
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: `${path} ${broken.problem}`, details: { path } });
  expect(error.hint.length).toBeGreaterThan(10);
  expect(error.details.problems).toContainEqual(expect.objectContaining({ file: path }));
  const others = otherCommandsThatNeedIt.map(async (line) => expectRefusal(await box.candle(line), error));
  await Promise.all(others);
  expect(imageOf(path)).toEqual(before);
  expect(await box.candleJson(['setup-project'])).toEqual({ path, created: false });
  expect((await box.candleJson(['ps', '--all'])).services).toEqual([]);
});

test('.candle.json that cannot be read is refused, and named by what goes on without it', async ({ skip }) => {
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
    stderr: `Warning: ${path} cannot be read: permission denied\n`,
  });
});

test('all faults of .candle.json are told at once, with file, line and field', async () => {
  const box = sandbox({
    config: '{\n  "services": [\n    { "name": "", "shell": 7 },\n    { "nam": "web" },\n    "x"\n  ]\n}\n',
  });
  const { message, details } = await refusal(inSandbox(box), ['start']);
  expect(message.split('\n').slice(1)).toEqual([
    '  line 3: services[0].name: must not be empty',
    '  line 3: services[0].shell: must be a non-empty string',
    '  line 4: services[1].shell: is missing',
    "  line 4: services[1].name: is missing: write 'name' instead of 'nam'",
    "  line 5: services[2]: must be an object with 'name' and 'shell'",
  ]);
  expect(details.problems).toHaveLength(5);
});

test('a broken .candle.json does not let the older file or a directory above answer in its place', async () => {
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
