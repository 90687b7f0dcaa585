import { until } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { withoutNewCommands } from '../calm.ts';
import { hasTerminals, inTerminal } from '../in-terminal.ts';
import { freePort } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { inBackground } from '../services/background.ts';
import { program } from '../services/programs.ts';

/** Waits until the test creates the file `go`. */
const untilGo = 'until [ -e go ]; do sleep 0.02; done';
/** The test fails if a start waits this long. */
const long = '--wait=10m';

test('a start prints the process and its port at once, and after two seconds what it waits for', async () => {
  const box = sandbox({
    config: { services: { web: { shell: `${untilGo}; exec ${program('listens.mjs')}`, port: 'auto' } } },
  });
  const start = inBackground(box, ['start', 'web', long]);
  await until('the start is reported', () =>
    /^\[Started process 'web'\].*\n.*\n\[PORT: \d+\]\n/.test(start.shown.stdout),
  );
  await until('the reason is reported', () =>
    /^Waiting for 'web': it does not accept connections on port \d+\n/m.test(start.shown.stderr),
  );
  box.writeFile('go', '');
  expect(await start.ended).toBe(0);
  expect(start.shown.stdout.match(/Started process/g)).toHaveLength(1);
  expect(start.shown.stderr.match(/Waiting for/g)).toHaveLength(1);
});

test('a start says which dependency it waits for', async () => {
  const db = { shell: `${untilGo}; echo up; exec sleep 1000`, ready: { log: 'up' } };
  const box = sandbox({
    config: { services: { db, web: { shell: 'exec sleep 1000', ready: false, dependsOn: 'db' } } },
  });
  const start = inBackground(box, ['start', 'web']);
  await until('the dependency is reported', () =>
    /^Waiting for 'db': it has not printed 'up'\n/m.test(start.shown.stderr),
  );
  box.writeFile('go', '');
  expect(await start.ended).toBe(0);
});

inPart(2).each(['start', 'check-start', 'restart', 'wait-for-ready', 'up'])(
  '%s ends as soon as it is clear that the service listens on the wrong port',
  async (verb) => {
    const box = sandbox();
    const port = await freePort(5_173);
    const shell = `echo "Local: http://localhost:${port}/"; exec ${program('listens-on-other-port.mjs', port)}`;
    box.writeConfig({ services: { web: { shell, port: 'auto' } } });
    if (verb === 'wait-for-ready') await box.candle(['start', '--wait=0']);
    const wait = { 'wait-for-ready': '--timeout=10m', up: '--timeout=10m' }[verb] ?? long;
    const { stdout, stderr, exitCode } = await box.candle([verb, 'web', wait]);
    expect({ stderr, exitCode }).toMatchObject({ exitCode: 1 });
    const said = new RegExp(
      `^Error: Service 'web' is not ready after [\\d.]+ s: it listens on ${port} instead of its reserved port \\d+\\n`,
      'm',
    );
    expect(stderr).toMatch(said);
    if (verb !== 'wait-for-ready' && verb !== 'up')
      expect(stdout).toMatch(/^\[Started process 'web'\].*\n.*\n\[PORT: /);
  },
);

test('without --wait, a start reports at once that the service listens on the wrong port', async () => {
  const box = sandbox();
  const port = await freePort(5_173);
  box.writeConfig({ services: { web: { shell: `exec ${program('listens-on-other-port.mjs', port)}`, port: 'auto' } } });
  const start = inBackground(box, ['start', 'web']);
  const report = `Service 'web' listens on ${port} instead of its reserved port`;
  await until('it is reported', () => start.shown.stderr.includes(report));
  // The fix follows at the end.
  expect(await start.ended).toBe(0);
  const [first, next] = start.shown.stderr.slice(start.shown.stderr.indexOf(report)).split('\n');
  expect(first).toMatch(/ \d+$/);
  expect(next).toMatch(/^PORT is \d+, so /);
});

test('a command with several servers is waited for until the last of them listens', async () => {
  const box = sandbox();
  const port = await freePort(5_173);
  const other = `echo "Local: http://localhost:${port}/"; ${program('listens-on-other-port.mjs', port)}`;
  const shell = `(${other}) & (${untilGo}; exec ${program('listens.mjs')}) & wait`;
  box.writeConfig({ services: { all: { shell, port: 'auto' } } });
  const start = inBackground(box, ['start', long]);
  await until('the other port is reported', () =>
    start.shown.stderr.includes(`Service 'all' listens on ${port} instead of`),
  );
  box.writeFile('go', '');
  expect(await start.ended).toBe(0);
});

describe.skipIf(!hasTerminals)('on a terminal', () => {
  test('a start shows the output while it waits', async () => {
    const box = sandbox({
      config: { services: { web: { shell: 'echo working; exec sleep 1000', ready: { log: 'never' } } } },
    });
    const { stdout, exitCode } = await inTerminal(box, '\nworking', 'interrupt', 'start', long);
    expect({ exitCode, lines: withoutNewCommands(stdout).split('\n').slice(0, 3) }).toEqual({
      exitCode: 130,
      lines: [
        "[Started process 'web'] $ echo working; exec sleep 1000",
        `[With root directory: ${box.projectDir}]`,
        'working',
      ],
    });
  });
});
