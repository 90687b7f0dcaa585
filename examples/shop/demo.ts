// Runs the main workflow with the commands that a user would type: starts the shop, uses it, lists its services, stops it,
// and checks that nothing is left. Exits with 1 at the first check that fails.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'candle-demo-')));
const env = {
  ...process.env,
  // A separate state directory keeps the demo and your own services apart.
  CANDLE_STATE_DIR: join(work, 'state'),
  SHOP_DATA: join(work, 'data'),
  NO_COLOR: '1',
};

async function main(): Promise<void> {
  say(
    'Start the three services of .candle.json, each with its own port if it needs one, and wait until all are ready.',
  );
  const started = await candle('up');
  const api = Number(await candle('get-reserved-port api'));
  const web = Number(await candle('get-reserved-port web'));
  expect('the two ports are different and not below 4000', api >= 4000 && web >= 4000 && api !== web);
  for (const [name, url] of [
    ['api', `http://localhost:${api}`],
    ['web', `http://localhost:${web}`],
    ['worker', '-'],
  ]) {
    expect(`${name} was started at ${url}`, new RegExp(`^${name} +started +\\S+ +${url}$`, 'm').test(started));
  }

  say('Send HTTP requests to the reserved ports, and order something.');
  await request(`http://127.0.0.1:${api}/products`, 'Beeswax candle');
  await request(`http://127.0.0.1:${web}/`, '<title>Candle shop</title>');
  await request(`http://127.0.0.1:${web}/api/products`, 'Beeswax candle');
  await request(`http://127.0.0.1:${api}/orders`, '"state":"new"', { method: 'POST', body: '{"product":"wick"}' });
  await until('the worker has handled the order', async () =>
    (await quietly('logs', 'worker')).includes('order 1 handled: 1 x wick'),
  );

  say('List the services, their output and the reserved ports.');
  const table = await candle('ps');
  expect('three services run', table.match(/RUNNING/g)?.length === 3);
  await candle('logs api worker -n 3');
  await candle('list-reserved-ports');

  say('Start them again: nothing has changed, so that all of them keep running.');
  const unchanged = await candle('up');
  expect('three services are unchanged', unchanged.match(/unchanged/g)?.length === 3);

  say('Stop everything.');
  await candle('down');
  expect('no service runs', !(await candle('ps')).includes('RUNNING'));
  expect('no process of the shop is left', processesOfTheDemo().length === 0);
  expect(`ports ${api} and ${web} are free`, (await isFree(api)) && (await isFree(web)));

  say('The ports stay reserved for the next start, until they are released.');
  expect('the api keeps its port', Number(await candle('get-reserved-port api')) === api);
  await candle('release-ports');
  await until('the background process has exited', async () => processesIn(env.CANDLE_STATE_DIR).length === 0);
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
      reject(new Error(`candle ${args.join(' ')} exited with code ${error.code}`));
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

/** PIDs of processes that inherited this demo's SHOP_DATA. Linux only, which shows the environment of processes. */
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

/**
 * PIDs of processes with this working directory (Linux only). The supervisor and its watchdog have it, and exit when no
 * service runs.
 */
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

function expect(what: string, isTrue: boolean): void {
  if (!isTrue) throw new Error(`Check failed: ${what}`);
}

function say(text: string): void {
  console.log(`\n# ${text}`);
}

try {
  await main();
  console.log('\n# Done: services started on their ports, used and stopped; nothing is left.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  // After an error, the services may still be running.
  await quietly('kill-all').catch(() => undefined);
  rmSync(work, { recursive: true, force: true });
}
