import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { allOf, endPrinting, printsLines, tally } from '../../faults/numbered-lines.ts';
import { testInFull } from '../bounded.ts';
import { awaitReader, findRelays } from '../reader-of.ts';
import { bin, sandbox } from '../sandbox.ts';
import { awaitSupervisor, killHard } from '../supervisor-of.ts';

const always = { tty: true, ready: false, port: null };

async function runPath(box: Sandbox, name = 'api'): Promise<string> {
  const { services } = await box.candleJson(['list', name]);
  return join(box.stateDir, 'runs', services[0].runId);
}

async function linesOf(box: Sandbox, name = 'api'): Promise<readonly string[]> {
  const [service] = (await box.candleJson(['logs', name])).services;
  return service.entries.flatMap(({ kind, text }: { kind: string; text: string }) => (kind === 'line' ? [text] : []));
}

async function untilPrinted(box: Sandbox, message: string, name = 'api'): Promise<void> {
  expect(await box.candle(['wait-for-log', name, '--message', message])).toMatchObject({ exitCode: 0 });
}

async function shown(box: Sandbox, name: string) {
  return (await box.candleJson(['ps', name])).services[0];
}

test('a service with "tty" has a terminal of 120 x 30, asks a question at its start, and gets the answer', async () => {
  const box = sandbox();
  const asks = 'stty size; echo "$TERM"; printf "name? "; read name; echo "hello $name"; exec sleep 1000';
  await box.candle(['add-service', 'api', '--shell', asks, '--no-port', '--tty']);
  await box.candle(['start', '--bg'], { env: { TERM: 'dumb' } });
  await untilPrinted(box, 'name? ');
  expect(await box.candle(['send', 'api', 'Ann'])).toMatchObject({ stdout: "Sent 4 bytes to 'api'\n", exitCode: 0 });
  await untilPrinted(box, 'hello Ann');
  // A terminal ends lines with a carriage return and a newline.
  expect(await linesOf(box)).toEqual(['30 120', 'xterm-256color', 'name? Ann', 'hello Ann']);
  expect((await box.candle(['logs', '--grep', 'Ann$', '--regex'])).stdout).toBe('name? Ann\nhello Ann\n');
  expect((await box.candle(['env', 'api', '--explain'])).stdout).toMatch(/"tty" +TERM=xterm-256color/);
});

test('keys act as in a terminal: Enter, Ctrl-C, Ctrl-D; a job waits for its answer, and a service cannot start itself', async () => {
  const key = `process.stdin.setRawMode(true); console.log('raw'); process.stdin.once('data', (key) => { console.log(JSON.stringify(String(key))); process.exit(4) })`;
  const services = {
    interrupted: { ...always, shell: 'trap "exit 3" INT; echo waiting; sleep 1000' },
    // bash runs its shim, because of the name of the variable.
    ended: { ...always, shell: 'echo waiting; cat; exit 5', env: { 'a.b': 'c' } },
    raw: { ...always, shell: `exec node -e "${key.replaceAll('"', '\\"')}"` },
    job: { tty: true, oneshot: true, shell: 'read answer; test "$answer" = yes' },
    self: { ...always, shell: `'${process.execPath}' '${bin}' start self; exit 6` },
  };
  const box = sandbox({ config: { services } });
  await box.candle(['start', '--bg']);
  for (const name of ['interrupted', 'ended']) await untilPrinted(box, 'waiting', name);
  await untilPrinted(box, 'raw', 'raw');
  await box.candle(['send', 'interrupted', '-'], { input: '\u0003' });
  await box.candle(['send', 'ended', '-'], { input: '\u0004' });
  await box.candle(['send', 'raw', '']);
  await box.candle(['send', 'job', 'yes']);
  const exits = { interrupted: 3, ended: 5, raw: 4, job: 0, self: 6 };
  await until('all have ended', async () => (await box.candleJson(['ps'])).services.every(isOver), {
    explain: async () => (await box.candle(['ps'])).stdout,
  });
  for (const [name, exitCode] of Object.entries(exits)) expect(await shown(box, name)).toMatchObject({ exitCode });
  expect(await linesOf(box, 'raw')).toEqual(['raw', '"\\r"']);
  expect((await linesOf(box, 'self'))[0]).toContain("Service 'self' cannot start itself");
});

function isOver({ running }: { running: boolean }): boolean {
  return !running;
}

/** Each process leads its own group, in the session of the terminal or outside. */
const spreads =
  'set -m; sleep 1001 & env -i sleep 1002 & setsid sleep 1003 & setsid env -i sleep 1004 & echo spread; wait';

function sleeping(box: Sandbox): readonly number[] {
  return box.processes().flatMap(({ pid, command }) => (/sleep 100\d/.test(command) ? [pid] : []));
}

const stops = (prepare: (box: Sandbox) => Promise<void>) => async () => {
  const box = sandbox({ config: { services: { api: { ...always, shell: spreads } } } });
  await box.candle(['start', '--bg']);
  await untilPrinted(box, 'spread');
  await until('four processes run', () => sleeping(box).length === 4);
  await prepare(box);
  expect((await box.candleJson(['kill'])).services).toMatchObject([{ stopped: true, forced: false }]);
  expect(sleeping(box)).toEqual([]);
};

test(
  'kill ends every process in the terminal, whatever its group, session and environment',
  stops(async () => undefined),
);

testInFull(
  'kill ends every process in the terminal, also after the shim was killed',
  stops(async (box) => {
    const run = await runPath(box);
    killHard(Number(readFileSync(join(run, 'pid'), 'utf8')));
    await until('the status has changed', async () => (await shown(box, 'api')).pid !== null);
  }),
);

/** Kills these processes of a run and lets Candle replace them, while the service prints. */
const survives =
  (rounds: number, rate: number, kill: (box: Sandbox, run: string, round: number) => Promise<void>) => async () => {
    const box = sandbox();
    const end = join(box.root, 'end');
    const service = { ...always, shell: printsLines({ until: end, rate }), logs: { maxBytes: '1GB' } };
    box.writeConfig({ services: { api: service } });
    await box.candle(['start', '--bg']);
    const run = await runPath(box);
    for (let round = 0; round < rounds; round++) {
      await until('two relays run', () => findRelays(run).length === 2);
      await kill(box, run, round);
    }
    await box.candle(['ps']);
    const printed = await endPrinting(end);
    const last = `line ${printed} `;
    await until('the last line is in the log', async () => {
      return (await box.candle(['logs', '-n', '1'])).stdout.startsWith(last);
    });
    const { stdout } = await box.candle(['logs', '-n', '10000000']);
    expect(tally(stdout)).toEqual(allOf(printed));
    expect(await shown(box, 'api')).toMatchObject({ status: 'RUNNING' });
    expect((await box.candleJson(['kill'])).services).toMatchObject([{ stopped: true, forced: false }]);
  };

/** Kills one relay at a time, and at last both at once. */
async function killRelays(_box: Sandbox, run: string, round: number): Promise<void> {
  const relays = findRelays(run);
  const killed = round % 3 === 2 ? relays : relays.slice(round % 3, (round % 3) + 1);
  for (const pid of killed) killHard(pid);
  await until('another relay runs', () => findRelays(run).some((pid) => !relays.includes(pid)));
  await until('the killed relays are gone', () => !findRelays(run).some((pid) => killed.includes(pid)));
}

test('kill -9 of a relay, or of both: the service runs on, every line once, in order', survives(3, 20_000, killRelays));

testInFull(
  'kill -9 of a relay 60 times at 100,000 lines a second: every line once, in order',
  survives(60, 100_000, killRelays),
);

testInFull(
  'kill -9 of the supervisor, its watchdog, the reader, the shim and then a relay: the service runs on, every line once',
  survives(1, 20_000, async (box, run) => {
    const { pid, watchdog } = await awaitSupervisor(box);
    for (const one of [watchdog?.pid ?? 0, pid, await awaitReader(run)]) killHard(one);
    await box.candle(['ps']);
    await awaitSupervisor(box, pid);
    killHard(Number(readFileSync(join(run, 'pid'), 'utf8')));
    await killRelays(box, run, 0);
    await until('two relays run', () => findRelays(run).length === 2);
    await killRelays(box, run, 1);
  }),
);

testInFull('a restart policy gives each run a terminal', async () => {
  const service = {
    ...always,
    shell: 'test -t 0 && echo yes; exit 1',
    restart: { policy: 'on-failure', delay: '10ms' },
  };
  const box = sandbox({ config: { services: { api: { ...service, shell: `sleep 0.7; ${service.shell}` } } } });
  await box.candle(['start', '--bg']);
  await until('two runs have printed', async () => (await linesOf(box)).length === 2);
  expect(await linesOf(box)).toEqual(['yes', 'yes']);
});
