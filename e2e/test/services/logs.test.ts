import { appendFileSync } from 'node:fs';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inSandbox, refusal } from '../bad-input/refusal.ts';
import { sandbox } from '../sandbox.ts';
import { normalize } from './answers.ts';
import { inBackground } from './background.ts';

/** A service that prints what is appended to its file. */
const config = { services: [{ name: 'api', shell: 'touch api.txt; exec tail -f -n +1 api.txt', ready: false }] };

/** Makes the service print the text. */
function print(box: Sandbox, text: string, name = 'api'): void {
  appendFileSync(`${box.projectDir}/${name}.txt`, text);
}

async function linesOf(box: Sandbox, ...args: string[]): Promise<string[]> {
  const { stdout } = await box.candle(['logs', ...args]);
  return stdout === '' ? [] : normalize(stdout).trimEnd().split('\n');
}

async function untilPrinted(box: Sandbox, text: string): Promise<void> {
  await until(`${text} is printed`, async () => (await box.candle(['logs', 'api', '-n', '1'])).stdout.includes(text));
}

test('--grep and --regex show only the last matching lines, without the lines about starts and ends', async () => {
  const box = sandbox({ config });
  print(box, 'error 1\ninfo\nError 2\n\u001b[31mer\u001b[0mror 3\ninfo\nerror 4\nlast\n');
  await box.candle(['start']);
  await untilPrinted(box, 'last');
  expect(await linesOf(box, 'api', '--grep', 'error')).toEqual(['error 1', 'error 3', 'error 4']);
  expect(await linesOf(box, 'api', '--grep', 'error', '-n', '2')).toEqual(['error 3', 'error 4']);
  expect(await linesOf(box, 'api', '--grep', '^[Ee]rror [12]$', '--regex')).toEqual(['error 1', 'Error 2']);
  expect(await linesOf(box, 'api', '--grep', '^error')).toEqual([]);
  expect(await box.candle(['logs', '--grep', 'nothing'])).toEqual({
    stdout: '',
    stderr: 'No line matches --grep\n',
    exitCode: 0,
  });
  const mistaken = ['logs', '--grep', 'err.*9'];
  expect((await box.candle(mistaken)).stderr).toBe(
    'No line matches --grep\nTo search for a regular expression, add --regex\n',
  );
  expect((await box.candle([...mistaken, '--json'])).stderr).not.toContain('--regex');
  expect((await box.candle([...mistaken, '--regex'])).stderr).toBe('No line matches --grep\n');
});

test('--since and --until accept a duration, a date or a time; --timestamps shows the time of each line', async () => {
  const box = sandbox({ config });
  print(box, 'line\n');
  await box.candle(['start']);
  await untilPrinted(box, 'line');
  const hour = 3_600_000;
  const iso = (ms: number) => new Date(Date.now() + ms).toISOString();
  for (const since of ['1h', '3600', iso(-hour), iso(-hour).slice(0, 19).replace('T', ' ').concat('Z'), '2020-01-01'])
    expect({ since, lines: await linesOf(box, 'api', '--since', since) }).toEqual({ since, lines: ['line'] });
  expect(await linesOf(box, 'api', '--since', iso(hour))).toEqual([]);
  expect(await linesOf(box, 'api', '--until', '1h')).toEqual([]);
  expect(await linesOf(box, 'api', '--since', '2h', '--until', iso(hour))).toEqual(['line']);
  const [line = ''] = await linesOf(box, 'api', '--timestamps');
  const time = /^~?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) line$/.exec(line)?.[1] ?? line;
  // Time limit: no test takes half an hour, and every wrong time zone differs by at least that.
  expect(Math.abs(Date.now() - new Date(time).getTime())).toBeLessThan(hour / 2);
});

test('--run shows one run: the latest, the previous, or the one with this ID prefix', async () => {
  const box = sandbox({ config: { services: [{ name: 'job', shell: 'date +%N; exit 0' }] } });
  expect(await box.candle(['logs', '--run', 'latest'])).toMatchObject({
    stderr: 'There are no logs yet\n',
    exitCode: 0,
  });
  await box.candle(['start', 'job']);
  expect(await refusal(inSandbox(box), ['logs', 'job', '--run', 'previous'])).toMatchObject({
    code: 'LOGS_RUN_UNKNOWN',
    message: "There is no previous run of service 'job'",
  });
  await box.candle(['start', 'job']);
  const [first, , , second] = (await box.candleJson(['logs', 'job'])).services[0].entries;
  expect((await linesOf(box, 'job', '--run', 'previous'))[0]).toBe(first.text);
  expect((await linesOf(box, 'job', '--run', 'latest'))[0]).toBe(second.text);
  expect((await linesOf(box, 'job', '--run', second.runId.slice(0, -1)))[0]).toBe(second.text);
  const ambiguous = await refusal(inSandbox(box), ['logs', '--run', first.runId.slice(0, 3)]);
  expect(ambiguous).toMatchObject({ code: 'LOGS_RUN_AMBIGUOUS', details: { matching: [first.runId, second.runId] } });
});

test('a cursor continues where the previous call ended, without missing or repeating a line', async () => {
  const box = sandbox({ config });
  await box.candle(['start']);
  const first = (await box.candleJson(['logs', 'api'])).services[0];
  expect(first).toMatchObject({ entries: [], cursor: expect.stringMatching(/^[^:]+:0\.\d+$/) });
  print(box, 'one\ntwo\nthree> ');
  await untilPrinted(box, 'three> ');
  const next = (await box.candleJson(['logs', '--start-at', first.cursor, '-n', '1'])).services[0];
  expect(next.entries).toMatchObject([
    { kind: 'line', text: 'one', at: expect.stringMatching(/Z$/), cursor: next.cursor },
  ]);
  const rest = (await box.candleJson(['logs', 'api', '--start-at', next.cursor])).services[0];
  expect(rest.entries).toMatchObject([{ text: 'two' }, { text: 'three> ', partial: true }]);
  expect(rest.entries[0]).not.toHaveProperty('partial');
  expect(await box.candle(['logs', '--start-at', rest.cursor])).toMatchObject({
    stdout: '',
    stderr: 'Nothing has been printed since then\n',
  });
  await box.candle(['restart', 'api']);
  await untilPrinted(box, 'three> ');
  const later = (await box.candleJson(['logs', '--start-at', rest.cursor])).services[0];
  expect(later.entries.map(({ kind, text }: { kind: string; text?: string }) => text ?? kind)).toEqual(
    expect.arrayContaining(['ended', 'started', 'one', 'two', 'three> ']),
  );
  // A call without a cursor returns the same cursor.
  expect((await box.candleJson(['logs', 'api'])).services[0].cursor).toBe(later.cursor);
});

test('-f follows the output after the last lines, including later runs, until it is interrupted', async () => {
  const box = sandbox({ config });
  print(box, 'one\ntwo\n');
  await box.candle(['start']);
  await untilPrinted(box, 'two');
  const plain = inBackground(box, ['logs', 'api', '-n', '1', '-f']);
  const json = inBackground(box, ['logs', 'api', '-n', '1', '-f', '--json']);
  await until('the last line is shown', () => plain.lines().length === 1 && json.lines().length === 1);
  print(box, 'three\nfour> ');
  await until(
    'a line without a newline is shown',
    () => plain.shown.stdout.endsWith('four> ') && json.lines().length === 3,
  );
  print(box, 'yes\n');
  await until('the rest of the line is shown', () => json.lines().length === 4);
  await box.candle(['kill']);
  await until('the stop is shown', () => json.lines().length >= 5 && plain.shown.stdout.includes('--- stopped'));
  await box.candle(['start']);
  await until('the new run is shown', () => plain.lines().at(-1) === 'four> yes');
  expect([await plain.interrupt(), await json.interrupt()]).toEqual([0, 0]);
  const lines = normalize(plain.shown.stdout).split('\n').slice(0, -1);
  expect(lines.filter((line) => line !== 'Terminated')).toEqual([
    ...['two', 'three', 'four> yes', '--- stopped TIME ---'],
    ...['--- started TIME ---', 'one', 'two', 'three', 'four> yes'],
  ]);
  const entries = json.lines().map((line) => JSON.parse(line));
  expect(entries.slice(0, 4)).toMatchObject([
    { service: 'api', kind: 'line', text: 'two' },
    { text: 'three' },
    { text: 'four> ', partial: true },
    { text: 'yes', continues: true },
  ]);
  expect(entries.find(({ kind }) => kind === 'ended')).toMatchObject({ service: 'api', reason: 'stopped' });
});

test('logs shows how a run ended: with an exit code or by a signal', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'code', shell: 'sleep 0.6; exit 3', ready: false },
        { name: 'signal', shell: 'sleep 0.6; kill -9 $$', ready: false },
      ],
    },
  });
  await box.candle(['start']);
  await until('both have ended', async () => (await linesOf(box)).length >= 2);
  const ends = (await linesOf(box)).filter((line) => line.includes('---'));
  expect(ends).toEqual([
    '[code] --- exited with code 3 TIME ---',
    '[signal] --- killed by SIGKILL TIME; SIGKILL came from another program or the system, not from Candle ---',
  ]);
});

test('clear-logs removes the output so far; logs shows later output', async () => {
  const box = sandbox({
    config: { services: [...config.services, { name: 'job', shell: 'echo done' }] },
  });
  const none = { stdout: 'There are no logs to clear\n', stderr: '', exitCode: 0 };
  expect(await box.candle(['clear-logs'])).toEqual(none);
  print(box, 'one\n');
  await box.candle(['start']);
  await untilPrinted(box, 'one');
  expect(await box.candle(['clear-logs'])).toEqual({
    stdout: "Cleared the logs of 'api'\nCleared the logs of 'job'\n",
    stderr: '',
    exitCode: 0,
  });
  expect(await box.candle(['logs'])).toEqual({ stdout: '', stderr: 'There are no logs yet\n', exitCode: 0 });
  expect((await box.candle(['ps', 'job'])).stdout).toContain('EXITED (0)');
  expect((await box.candle(['clear-logs', 'job'])).stdout).toBe("Service 'job' has no logs to clear\n");
  print(box, 'two\n');
  await untilPrinted(box, 'two');
  expect(await linesOf(box, 'api')).toEqual(['two']);
  expect(await box.candleJson(['clear-logs', 'api'])).toEqual({
    services: [{ name: 'api', projectDir: box.projectDir, cleared: true }],
  });
});

test('invalid times, runs, cursors, patterns and flags are rejected with an error code', async () => {
  const box = sandbox({ config });
  await box.candle(['start']);
  const expectCode = async ([code, ...args]: string[]) => {
    expect([args, (await refusal(inSandbox(box), ['logs', ...args])).code]).toEqual([args, code]);
  };
  await Promise.all(
    [
      ...['nonsense', '', '-5m', '2026-13-01', '10 m'].map((text) => ['LOGS_TIME_INVALID', '--since', text]),
      ['LOGS_TIME_INVALID', '--until', 'later'],
      ['LOGS_RUN_UNKNOWN', '--run', 'nobody'],
      ['LOGS_RUN_UNKNOWN', '--run', ''],
      ['LOGS_CURSOR_INVALID', '--start-at', 'garbage'],
      ['LOGS_CURSOR_UNKNOWN', '--start-at', 'other:0.0'],
      ['LOGS_PATTERN_EMPTY', '--grep', ''],
      ['LOGS_PATTERN_INVALID', '--grep', '(', '--regex'],
      ['LOGS_COUNT_INVALID', '-n', 'many'],
      ['USAGE', '--regex'],
      ['USAGE', '-f', '--until', '1m'],
      ['USAGE', '-f', '--run', 'latest'],
      ['USAGE', '--start-at', 'a:0.0', '--run', 'latest'],
      ['USAGE', '--start-at', 'a:0.0', 'api', 'web'],
      ['USAGE', '--start-at', 'a:0.0', '-f', '-n', '1'],
    ].map(expectCode),
  );
});
