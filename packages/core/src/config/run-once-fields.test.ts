import { expect, test } from 'vitest';
import { problemsIn } from '../../test/config-text.ts';
import { parseConfig } from './parse-config.ts';

async function setupIn(written: string) {
  return (await parseConfig('/home/ada/shop/.candle.json', `{"setup": ${written}}`)).setup;
}

test.each([
  ['"npm ci"', { run: 'npm ci', inputs: [] }],
  ['{"run": "npm ci"}', { run: 'npm ci', inputs: [] }],
  ['{"run": "npm ci", "inputs": ["a.lock", "../b.lock"]}', { run: 'npm ci', inputs: ['a.lock', '../b.lock'] }],
])('accepts %s', async (written, setup) => {
  expect(await setupIn(written)).toEqual(setup);
});

test('without the key there is no setup', async () => {
  expect(await parseConfig('/home/ada/shop/.candle.json', '{}')).not.toHaveProperty('setup');
});

const form = "must be a command, or an object with 'run'";

test.each([
  ['5', `1 setup: ${form}`],
  ['["npm ci"]', `1 setup: ${form}`],
  ['" "', '1 setup: must be a non-empty string'],
  ['{}', '1 setup.run: is missing'],
  ['{"run": "x", "inputs": "a"}', '1 setup.inputs: must be a list of paths'],
  ['{"run": "x", "inputs": [""]}', '1 setup.inputs[0]: must be a path to a file'],
  ['{"run": "x", "run": "y"}', "1 setup.run: 'run' is given more than once"],
])('rejects %s', async (written, problem) => {
  expect(await problemsIn(`{"setup": ${written}}`)).toEqual([problem]);
});

test.each(['{"setup": {"shell": "run"}}', '[{"name": "setup", "shell": "run"}]'])(
  'rejects a service with its name in %s, unless there is no setup',
  async (services) => {
    const [problem] = await problemsIn(`{"setup": "npm ci", "services": ${services}}`);
    expect(problem).toContain("'setup' is the name of the project's setup: rename the service, or remove the setup");
    expect((await parseConfig('/home/ada/shop/.candle.json', `{"services": ${services}}`)).services).toHaveLength(1);
  },
);
