import { chmodSync, cpSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { runsAll } from '../bounded.ts';
import { freePort } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';

const stores = fileURLToPath(new URL('../fixtures/stores', import.meta.url));
/** The directory of the project when the state directories were recorded. */
const madeIn = '/home/ada/shop';

/** The configuration when the state directories were recorded: see make-store.sh. */
const config = {
  services: [
    { name: 'api', shell: 'echo listening on $PORT; exec sleep 600' },
    { name: 'job', shell: 'seq 1 2000; echo done >&2' },
    { name: 'fails', shell: 'echo cannot; exit 3' },
  ],
};

/** A sandbox with a recorded state directory, in which the project's directory is the sandbox's. */
function sandboxWith(store: string): Sandbox {
  const box = sandbox({ config });
  cpSync(join(stores, store), box.stateDir, { recursive: true });
  for (const path of globSync(join(box.stateDir, '**'))) chmodSync(path, statSync(path).isDirectory() ? 0o700 : 0o600);
  for (const path of globSync(join(box.stateDir, '{state.db,state.db.last}'))) {
    const database = new DatabaseSync(path);
    for (const [table, column] of [
      ['reservations', 'project_dir'],
      ['services', 'project_dir'],
      ['runs', 'project_dir'],
      ['runs', 'root'],
    ]) {
      database.prepare(`UPDATE ${table} SET ${column} = replace(${column}, ?, ?)`).run(madeIn, box.projectDir);
    }
    database.close();
  }
  for (const path of globSync(join(box.stateDir, 'runs/*/run.json'))) {
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(madeIn, box.projectDir));
  }
  return box;
}

function schemaOf(path: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare('PRAGMA user_version').get()?.user_version;
  } finally {
    database.close();
  }
}

const versions = ['schema-2', 'schema-3', 'schema-4', 'schema-5', 'schema-6', 'schema-7'];
const newest = 7;
/** `npm test` uses only the oldest and the newest. */
const tested = runsAll ? versions : [...versions.slice(0, 1), ...versions.slice(-1)];

test('a state directory of the newest schema has been recorded', async () => {
  const box = sandbox({ config });
  await box.candle(['list-reserved-ports']);
  expect(schemaOf(join(box.stateDir, 'state.db'))).toBe(newest);
  expect(schemaOf(join(stores, versions.at(-1) ?? '', 'state.db'))).toBe(newest);
});

describe.each(tested)('a state directory of %s', (version) => {
  test('is opened with all its data', async () => {
    const box = sandboxWith(version);
    const { ports } = await box.candleJson(['list-reserved-ports', '--all']);
    expect(
      ports.map(({ port, serviceName, projectDir }: Record<string, unknown>) => [port, serviceName, projectDir]).sort(),
    ).toEqual([
      [4000, 'api', box.projectDir],
      [4001, 'web', box.projectDir],
      [4002, null, box.projectDir],
      [4003, 'site', '/home/ada/blog'],
    ]);
    const { services } = await box.candleJson(['ps']);
    expect(services.map(({ name, status, exitCode }: Record<string, unknown>) => [name, status, exitCode])).toEqual([
      ['api', 'not running', 143],
      ['job', 'EXITED (0)', 0],
      ['fails', 'FAILED (3)', 3],
      ['extra', 'not running', 143],
    ]);
    const { stdout } = await box.candle(['logs', 'job', '-n', '5000']);
    expect(stdout.split('\n').filter((line) => /^(\d+|done)$/.test(line))).toEqual([
      ...Array.from({ length: 2000 }, (_, n) => String(n + 1)),
      'done',
    ]);
    expect((await box.candle(['logs', 'fails'])).stdout).toContain('cannot\n');
    expect((await box.candle(['logs', 'api'])).stdout.match(/listening on 4000\n/g)).toHaveLength(2);
  });

  test('is migrated and copied, passes doctor, and can be used', async () => {
    const box = sandboxWith(version);
    expect(await box.candle(['list-reserved-ports'])).toMatchObject({ exitCode: 0, stderr: '' });
    for (const name of ['state.db', 'state.db.last']) expect(schemaOf(join(box.stateDir, name))).toBe(newest);
    const { checks } = await box.candleJson(['doctor']);
    // On this machine, a recorded project does not exist, and another program may use a recorded port.
    const isOther = ({ name }: { name: string }) => !['reservations', 'reserved ports'].includes(name);
    expect(checks.filter(isOther).filter(({ status }: { status: string }) => status !== 'ok')).toEqual([]);

    expect((await box.candleJson(['reserve-port', 'new'])).port).toBe(await freePort(4004));
    expect((await box.candleJson(['start', 'extra'])).services).toMatchObject([{ outcome: 'running' }]);
    expect((await box.candleJson(['start', 'job'])).services).toMatchObject([{ outcome: 'finished' }]);
    expect((await box.candle(['logs', 'extra'])).stdout.match(/^transient$/gm)).toHaveLength(2);
    const { services } = await box.candleJson(['kill']);
    const stopped = services.filter((service: { stopped: boolean }) => service.stopped);
    expect(stopped).toMatchObject([{ name: 'extra' }]);
    expect((await box.candleJson(['release-ports'])).releasedCount).toBe(4);
    expect(await box.candle(['clear-logs'])).toMatchObject({ exitCode: 0 });
  });
});
