import { expect, test } from 'vitest';
import { problemsWith, serviceWith } from '../../test/config-text.ts';

const duration = "must be a duration from 0 to 24 days: a number of seconds, or '500ms', '10s', '5m', '2h'";
const form = "must be one of never, on-failure, always, or an object with 'policy'";

test.each(['never', 'on-failure', 'always'])('a policy of %s has the default delays', async (policy) => {
  const expected = { policy, delayMs: 500, maxDelayMs: 30_000, maxAttempts: 10 };
  expect((await serviceWith(`"restart": "${policy}"`)).restart).toEqual(expected);
  expect((await serviceWith(`"restart": {"policy": "${policy}"}`)).restart).toEqual(expected);
});

test('delays are durations, and maxDelay is never shorter than delay', async () => {
  const restart = async (fields: string) => (await serviceWith(`"restart": {"policy": "always", ${fields}}`)).restart;
  expect(await restart('"delay": "2s", "maxDelay": "1m", "maxAttempts": 1')).toEqual({
    policy: 'always',
    delayMs: 2_000,
    maxDelayMs: 60_000,
    maxAttempts: 1,
  });
  expect(await restart('"delay": "1m", "maxDelay": "1s"')).toMatchObject({ delayMs: 60_000, maxDelayMs: 60_000 });
  expect(await restart('"delay": "1m"')).toMatchObject({ delayMs: 60_000, maxDelayMs: 60_000 });
  expect(await restart('"delay": 0, "maxDelay": 0, "maxAttempts": 1000, "later": 1')).toEqual({
    policy: 'always',
    delayMs: 0,
    maxDelayMs: 0,
    maxAttempts: 1000,
  });
});

test.each([
  ['"sometimes"', 'must be one of never, on-failure, always'],
  ['"Always"', "must be one of never, on-failure, always; did you mean 'always'?"],
  ['""', 'must be one of never, on-failure, always'],
  ['true', form],
  ['1', form],
  ['null', form],
  ['[]', form],
])('"restart": %s %s', async (written, problem) => {
  expect(await problemsWith(`"restart": ${written}`)).toEqual([`3 restart: ${problem}`]);
});

test.each([
  ['{}', '3 restart.policy: is missing'],
  ['{"polcy": "never"}', "3 restart.polcy: is not a known field; did you mean 'policy'?"],
  ['{"policy": "on-failur"}', "3 restart.policy: must be one of never, on-failure, always; did you mean 'on-failure'?"],
  ['{"policy": 1}', '3 restart.policy: must be one of never, on-failure, always'],
  ...['0', '-1', '1.5', '1001', '"3"', 'null'].map((attempts) => [
    `{"policy": "never", "maxAttempts": ${attempts}}`,
    '3 restart.maxAttempts: must be a whole number from 1 to 1000',
  ]),
  ['{"policy": "never", "delay": null}', `3 restart.delay: ${duration}`],
])('"restart": %s', async (written, problem) => {
  expect(await problemsWith(`"restart": ${written}`)).toEqual([problem]);
});

test('several invalid values are reported at once, each with its own line', async () => {
  const written = '"restart": {\n"policy": "no",\n"delay": "soon",\n"maxDelay": -1,\n"maxAttempts": 0\n}';
  expect(await problemsWith(written)).toEqual([
    '4 restart.policy: must be one of never, on-failure, always',
    `5 restart.delay: ${duration}`,
    `6 restart.maxDelay: ${duration}`,
    '7 restart.maxAttempts: must be a whole number from 1 to 1000',
  ]);
});
