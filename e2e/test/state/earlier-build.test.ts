import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { runProgram, type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { freePort } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';

const config = { services: [{ name: 'api', shell: 'exec sleep 600' }] };
const stores = fileURLToPath(new URL('../fixtures/stores/schema-3/', import.meta.url));
const runId = 'mws3p82s-7b476c59dc4a';

/** The state directory of the last build before the first release, in which `api` runs with this port. */
async function withEarlierRun(box: Sandbox, port: number): Promise<number> {
  const dir = join(box.stateDir, 'runs', runId);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const state = join(box.stateDir, 'state.db');
  writeFileSync(state, readFileSync(join(stores, 'state.db')), { mode: 0o600 });
  writeFileSync(join(dir, 'guard.sh'), readFileSync(join(stores, 'runs', runId, 'guard.sh')));
  writeFileSync(join(dir, 'command'), "trap 'exit $?' HUP INT QUIT TERM USR1 USR2\nexec sleep 600\n");
  for (const file of ['pid', 'exit', 'spool']) writeFileSync(join(dir, file), '           \n');
  execFileSync('mkfifo', [join(dir, 'life'), join(dir, 'in')]);
  const [stdin, output, exitPipe] = ['in', 'spool', 'life'].map((file) => openSync(join(dir, file), constants.O_RDWR));
  const shim = spawn('/bin/sh', [join(dir, 'guard.sh'), dir], {
    cwd: box.projectDir,
    env: { ...box.env, CANDLE_RUN_ID: runId },
    stdio: [stdin, output, output, exitPipe] as number[],
    detached: true,
  });
  for (const fd of [stdin, output, exitPipe]) closeSync(fd as number);
  await until('the earlier build’s service runs', () =>
    box.processes().some(({ command }) => command.startsWith('sleep 600')),
  );
  const database = new DatabaseSync(state);
  database.exec(`DELETE FROM runs; DELETE FROM services; DELETE FROM reservations;
    INSERT INTO reservations VALUES (${port}, '${box.projectDir}', 'api', 1000, 1);
    INSERT INTO services (project_dir, name, desired, ticket, ticket_verb, ticket_pid, ticket_start_token)
      VALUES ('${box.projectDir}', 'api', 'up', 1, 'start', 1, '1');
    INSERT INTO runs (id, project_dir, service_name, ticket, status, shell, root, port, fingerprint, boot_id, guard_pid, guard_start_token, started_at_ms)
      VALUES ('${runId}', '${box.projectDir}', 'api', 1, 'running', 'exec sleep 600', '${box.projectDir}', ${port}, '', '', ${shim.pid}, '1', 1000)`);
  database.close();
  return shim.pid ?? 0;
}

test('while a service of an earlier build runs, every command changes nothing and prints the command that stops it', async () => {
  const box = sandbox({ config });
  const port = await freePort();
  const pid = await withEarlierRun(box, port);
  const before = readFileSync(join(box.stateDir, 'state.db'));
  const hint = `Nothing was changed. Stop them, then run the command again: kill -- -${pid}`;
  for (const command of [['ps'], ['reserve-port', 'web'], ['start', 'api'], ['kill'], ['kill-all'], ['logs', 'api']]) {
    expect({ command, ...(await box.candle(command)) }).toMatchObject({
      exitCode: 1,
      stderr: `Error: Services started by an earlier build of Candle are still running: 'api' of ${box.projectDir}\n${hint}\n`,
    });
  }
  expect(await box.candleJson(['list-reserved-ports'])).toMatchObject({
    error: { code: 'STATE_EARLIER_BUILD_RUNNING', hint, details: { groups: [pid], supervisorPid: null } },
  });
  expect(readFileSync(join(box.stateDir, 'state.db'))).toEqual(before);
  expect((await box.candle(['doctor'])).stdout).toContain('earlier build');

  const stop = hint.slice(hint.indexOf('kill --'));
  expect(await runProgram('/bin/sh', ['-c', stop], { cwd: box.root, env: box.env })).toMatchObject({ exitCode: 0 });
  await until('the service has stopped', () => box.processes().length === 0);
  expect((await box.candleJson(['list-reserved-ports'])).ports).toMatchObject([{ port, serviceName: 'api' }]);
  expect((await box.candleJson(['start', 'api'])).services).toMatchObject([{ outcome: 'running', port }]);
});

test('64 concurrent commands convert the database of an earlier build once', async () => {
  const box = sandbox({ config });
  mkdirSync(box.stateDir, { mode: 0o700 });
  writeFileSync(join(box.stateDir, 'state.db'), readFileSync(join(stores, 'state.db')), { mode: 0o600 });
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, index) => box.candle(index % 2 === 0 ? ['reserve-port'] : ['ps', '--all'])),
  );
  expect(answers.filter(({ exitCode, stderr }) => exitCode !== 0 || stderr !== '')).toEqual([]);
  // Four reservations of the earlier build, and one for each reserve-port.
  expect((await box.candleJson(['list-reserved-ports', '--all'])).ports).toHaveLength(4 + 32);
});
