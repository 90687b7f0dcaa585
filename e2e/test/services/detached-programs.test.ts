import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { program } from './programs.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const ask = program('shared-daemon.mjs', 'daemon.sock', pathOf('listens.mjs'));
const service = { name: 'api', shell: `${ask} && exec sleep 1000`, port: 'auto' };

interface Asked {
  readonly daemon: number;
  readonly program: number;
}

function readPids(text: string): Asked {
  const [, daemon = 0, program = 0] = /daemon (\d+) program (\d+)/.exec(text) ?? [];
  return { daemon: Number(daemon), program: Number(program) };
}

/** Asks the daemon for another program, or to end, from a terminal outside Candle. */
function askByHand(box: Sandbox, ...file: readonly string[]): Asked {
  const options = { cwd: box.projectDir, env: box.env, encoding: 'utf8' } as const;
  return readPids(execFileSync(process.execPath, [pathOf('shared-daemon.mjs'), 'daemon.sock', ...file], options));
}

async function askedBy(box: Sandbox): Promise<Asked> {
  return until('the daemon has started the program', async () => {
    const asked = readPids((await box.candle(['logs', 'api'])).stdout);
    return asked.program > 0 && asked;
  });
}

const pids = (box: Sandbox) => box.processes().map(({ pid }) => pid);
const sorted = (...numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);

test.each([
  ['the service', false],
  ['another terminal', true],
])('kill leaves a daemon that other terminals use and all of its programs: started by %s', async (_, isForeign) => {
  const box = sandbox({ config: { services: [service] } });
  const before = isForeign ? askByHand(box, pathOf('idles.mjs')) : undefined;
  await box.candle(['start']);
  const own = await askedBy(box);
  const mine = before ?? askByHand(box, pathOf('idles.mjs'));
  const { stdout, stderr, exitCode } = await box.candle(['kill']);
  const left = isForeign ? `node (pid ${own.program})` : `node (pid ${own.daemon}) and 2 more`;
  expect(stderr).toContain(
    `Left running with all of its processes, because programs outside 'api' use it too: ${left}\nTo stop the part of 'api' with it, set "stopCommand" in .candle.json\n`,
  );
  expect(stderr).toMatch(/Error: Service 'api' is stopped, but its port \d+ is still in use by/);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
  expect(sorted(...pids(box))).toEqual(sorted(own.daemon, own.program, mine.program));
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'not running' }]);
  askByHand(box);
  await until('the daemon has ended', () => pids(box).length === 0);
});

test('kill stops a daemon that only the service uses, with all of its programs', async () => {
  const box = sandbox({ config: { services: [service] } });
  await box.candle(['start']);
  await askedBy(box);
  expect(await box.candle(['kill'])).toMatchObject({ stdout: "[Stopped process 'api']\n", stderr: '', exitCode: 0 });
  expect(pids(box)).toEqual([]);
});

test('kill names a detached program that listens on another port before it stops it', async () => {
  const opens = `require('child_process').spawn('${process.execPath}', ['${pathOf('listens-on-free-ports.mjs')}', '127.0.0.1'], { detached: true, stdio: 'ignore' }).unref(); require('http').createServer().listen(process.env.PORT)`;
  const box = sandbox({ config: { services: [{ name: 'api', shell: `node -e "${opens}"`, port: 'auto' }] } });
  await box.candle(['start']);
  await until('both programs listen', async () => (await box.candleJson(['list-ports'])).ports.length === 2);
  const { stdout, stderr } = await box.candle(['kill']);
  expect(stderr).toMatch(
    /^Stopping node \(pid \d+\), which 'api' started in the background: it listens on port \d+\n$/,
  );
  expect(stdout).toBe("[Stopped process 'api']\n");
  expect(pids(box)).toEqual([]);

  const mcp = await serveMcp(box);
  const [{ pid }] = (await mcp.ask('StartService', { name: 'api' })).services;
  await until('both listen again', async () => (await box.candleJson(['list-ports'])).ports.length === 2);
  const { ports } = await box.candleJson(['list-ports']);
  const other = ports.find((one: { pid: number }) => one.pid !== pid);
  expect((await mcp.ask('KillService', { name: 'api' })).services).toMatchObject([
    { stopped: true, stoppedPrograms: [{ pid: other.pid, command: 'node', ports: [other.port] }] },
  ]);
});

test('kill does not report a program that exits within seconds after it', async () => {
  const ends = `process.on('SIGTERM', () => { require('child_process').spawn('sleep', ['1.5'], { detached: true, stdio: 'ignore' }).unref(); process.exit(); }); console.log('up'); setInterval(() => {}, 1000)`;
  const box = sandbox({ config: { services: [{ name: 'api', shell: `node -e "${ends}"`, ready: false }] } });
  await box.candle(['start']);
  await until('it is running', async () => (await box.candle(['logs', 'api'])).stdout.includes('up'));
  expect(await box.candle(['kill'])).toEqual({ stdout: "[Stopped process 'api']\n", stderr: '', exitCode: 0 });
  expect(pids(box)).toEqual([]);
});
