import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inSandbox, refusal } from '../bad-input/refusal.ts';
import { sandbox } from '../sandbox.ts';
import { inBackground } from './background.ts';

/** Prints `up`, waits for the file `go`, and then runs the command. */
const waitsThen = (then: string) => `echo up; until [ -e go ]; do sleep 0.02; done; ${then}`;

test('wait-for-log finds a message that is already printed or is printed later, even in several writes', async () => {
  const shell = waitsThen(
    "printf 'list'; sleep 0.1; printf '\\033[32mening\\033[0m on '; sleep 0.1; echo 4000; exec sleep 1000",
  );
  const box = sandbox({ config: { services: [{ name: 'api', shell }] } });
  await box.candle(['start']);
  expect(await box.candle(['wait-for-log', 'api', '--message', 'up'])).toEqual({
    stdout: 'up\n',
    stderr: '',
    exitCode: 0,
  });
  const plain = inBackground(box, ['wait-for-log', 'api', '--message', 'listening on 4']);
  const regex = inBackground(box, ['wait-for-log', 'api', '--message', '^listening on \\d+$', '--regex', '--json']);
  box.writeFile('go', '');
  expect([await plain.ended, await regex.ended]).toEqual([0, 0]);
  expect(plain.shown.stdout).toMatch(/^listening on 4/);
  const { runId } = (await box.candleJson(['ps'])).services[0];
  const text = 'listening on 4000';
  expect(JSON.parse(regex.shown.stdout)).toEqual({ serviceName: 'api', projectDir: box.projectDir, runId, text });
});

test('wait-for-log finds a prompt without a newline', async () => {
  const box = sandbox({
    config: { services: [{ name: 'api', shell: "printf 'password: '; exec sleep 1000", ready: false }] },
  });
  await box.candle(['start']);
  for (const flags of [[], ['--regex']]) {
    const { stdout } = await box.candle(['wait-for-log', 'api', '--message', 'password:', ...flags]);
    expect(stdout).toBe('password: \n');
  }
});

test('wait-for-log fails with the last lines if the run ends first, and also on timeout or without a run', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'api', shell: waitsThen('echo bye'), ready: false },
        { name: 'idle', shell: 'echo here; exec sleep 1000', ready: false },
      ],
    },
  });
  const wait = (name: string, message: string, ...flags: string[]) =>
    refusal(inSandbox(box), ['wait-for-log', name, '--message', message, ...flags]);
  expect(await wait('api', 'x')).toMatchObject({ code: 'LOGS_NO_RUN', hint: expect.stringMatching(/printed nothing/) });
  await box.candle(['start']);
  expect(await wait('idle', 'never', '--timeout', '300ms')).toMatchObject({
    code: 'LOGS_TIMEOUT',
    message: "Service 'idle' did not print 'never' within 0.3 s; it is still running",
    details: { lastLines: ['here'], timeoutMs: 300 },
  });
  const waiting = inBackground(box, ['wait-for-log', 'api', '--message', 'never', '--json']);
  box.writeFile('go', '');
  expect(await waiting.ended).toBe(1);
  expect(JSON.parse(waiting.shown.stdout).error).toMatchObject({
    code: expect.stringMatching(/^LOGS_(RUN_ENDED|NO_RUN)$/),
    details: { lastLines: ['up', 'bye'] },
  });
  // The output of an earlier run does not count.
  await until('its end is recorded', async () => !(await box.candleJson(['ps', 'api'])).services[0].running);
  await box.candle(['start', 'api', '--bg']);
  expect((await wait('api', 'up')).code).toMatch(/^LOGS_(RUN_ENDED|NO_RUN)$/);
});

test('missing or invalid messages and timeouts are rejected', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'exec sleep 1000' }] } });
  await box.candle(['start']);
  const codeOf = async (...flags: string[]) => (await refusal(inSandbox(box), ['wait-for-log', 'api', ...flags])).code;
  expect(await codeOf()).toBe('USAGE');
  expect(await codeOf('--message', '')).toBe('LOGS_PATTERN_EMPTY');
  expect(await codeOf('--message', '(', '--regex')).toBe('LOGS_PATTERN_INVALID');
  expect(await codeOf('--message', 'x', '--timeout', 'soon')).toBe('LOGS_TIMEOUT_INVALID');
});
