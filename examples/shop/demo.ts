// The main job, end to end, as a user would type it: reserve ports, start the shop, use it, look at it, stop it, and
// prove that nothing is left. Exits with 1 at the first thing that is not as told.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'candle-demo-')));
const env = {
  ...process.env,
  // A state directory of its own: the demo sees nothing of your services, and yours see nothing of it.
  CANDLE_STATE_DIR: join(work, 'state'),
  SHOP_DATA: join(work, 'data'),
  NO_COLOR: '1',
};

async function main(): Promise<void> {
  say('Reserve a port for each service that listens. The worker needs none.');
  await candle('reserve-port api');
  await candle('reserve-port web');
  const api = Number(await candle('get-reserved-port api'));
  const web = Number(await candle('get-reserved-port web'));
  expect('two different ports, both from 4000 up', api >= 4000 && web >= 4000 && api !== web);

  say('Start the three services of .candle.json in the background.');
  const started = await candle('start');
  for (const name of ['api', 'web', 'worker']) {
    expect(`${name} was started`, started.includes(`[Started process '${name}']`));
  }
  expect('PORT is the reserved port', started.includes(`[PORT: ${api}]`) && started.includes(`[PORT: ${web}]`));

  say('Ask each over HTTP on its reserved port, and order something.');
  await request(`http://127.0.0.1:${api}/products`, 'Beeswax candle');
  await request(`http://127.0.0.1:${web}/`, '<title>Candle shop</title>');
  await request(`http://127.0.0.1:${web}/api/products`, 'Beeswax candle');
  await request(`http://127.0.0.1:${api}/orders`, '"state":"new"', { method: 'POST', body: '{"product":"wick"}' });
  await until('the worker has handled the order', async () =>
    (await quietly('logs', 'worker')).includes('order 1 handled: 1 x wick'),
  );

  say('Look at what runs, what was printed, and which ports are reserved.');
  const table = await candle('ps');
  expect('three services run', table.match(/RUNNING/g)?.length === 3);
  await candle('logs api worker -n 3');
  await candle('list-reserved-ports');

  say('Stop everything.');
  await candle('kill');
  expect('nothing runs', !(await candle('ps')).includes('RUNNING'));
  expect('no process of the shop is left', processesOfTheDemo().length === 0);
  expect(`ports ${api} and ${web} are free`, (await isFree(api)) && (await isFree(web)));

  say('The ports stay reserved for the next start, until they are released.');
  expect('the api keeps its port', Number(await candle('get-reserved-port api')) === api);
  await candle('release-ports');
  await until('the background process has left', async () => processesIn(env.CANDLE_STATE_DIR).length === 0);
}

/** Prints the command as a user would type it, and its output. */
async function candle(line: string): Promise<string> {
  console.log(`$ candle ${line}`);
  const stdout = await quietly(...line.split(' '));
  process.stdout.write(`${stdout}\n`);
  return stdout;
}

function quietly(...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('candle', args, { cwd: import.meta.dirname, env }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      process.stderr.write(stderr);
      reject(new Error(`candle ${args.join(' ')} ended with ${error.code}`));
    });
  });
}

async function request(url: string, expected: string, init: RequestInit = {}): Promise<void> {
  console.log(`$ curl ${init.method === undefined ? '' : `-X ${init.method} -d '${init.body}' `}${url}`);
  const response = await fetch(url, init);
  const body = await response.text();
  console.log(`${response.status} ${body.replaceAll(/\s+/g, ' ').slice(0, 100)}…\n`);
  expect(`${url} answers with ${expected}`, response.ok && body.includes(expected));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

/** Whatever inherited this demo's SHOP_DATA, on systems that show the environment of processes. */
function processesOfTheDemo(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`SHOP_DATA=${env.SHOP_DATA}`);
    } catch {
      return false;
    }
  });
}

/** Whatever works in that directory, on systems that show it: the supervisor and its watchdog do, and leave when nothing runs. */
function processesIn(dir: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === dir;
    } catch {
      return false;
    }
  });
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (const deadlineMs = Date.now() + 30_000; !(await condition()); await sleep(100)) {
    expect(`${what} within 30 s`, Date.now() < deadlineMs);
  }
}

function expect(what: string, isSo: boolean): void {
  if (!isSo) throw new Error(`Not as told: ${what}`);
}

function say(text: string): void {
  console.log(`\n# ${text}`);
}

try {
  await main();
  console.log('\n# Done: reserved, started, used, stopped, and nothing is left.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  // When something went wrong the services may still run.
  await quietly('kill-all').catch(() => undefined);
  rmSync(work, { recursive: true, force: true });
}
