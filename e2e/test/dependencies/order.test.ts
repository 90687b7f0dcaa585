import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { calm } from '../calm.ts';
import { sandbox } from '../sandbox.ts';

/**
 * A service that prints a stamp (nanoseconds since 1970) when it begins, when `after` succeeds and it is up, when it is
 * asked to end, and when it is gone.
 */
function stamping(after = 'true'): string {
  const stamp = (word: string) => `echo ${word} $(date +%s%N)`;
  return [
    `trap '${stamp('asked')}; sleep 0.2; ${stamp('gone')}; exit 0' TERM`,
    stamp('begun'),
    `until ${after}; do sleep 0.02; done`,
    stamp('up'),
    'while :; do sleep 0.05; done',
  ].join('\n');
}

const ready = { log: '^up ', regex: true, interval: '20ms' };

/** The last stamp of each kind that a service has printed. */
async function stampsOf(box: Sandbox, name: string): Promise<Readonly<Record<string, bigint>>> {
  const { stdout } = await box.candle(['logs', name]);
  return Object.fromEntries([...stdout.matchAll(/^(\w+) (\d+)$/gm)].map(([, word, ns]) => [word, BigInt(ns ?? 0)]));
}

async function allStamps(box: Sandbox) {
  const of = async (name: string) => ({ begun: 0n, up: 0n, asked: 0n, gone: 0n, ...(await stampsOf(box, name)) });
  const [db, api, jobs, web] = await Promise.all([of('db'), of('api'), of('jobs'), of('web')]);
  return { db, api, jobs, web };
}

function expectOrder(...stamps: bigint[]): void {
  expect(stamps.map(String)).toEqual(stamps.toSorted((a, b) => (a < b ? -1 : 1)).map(String));
  expect(stamps[0]).toBeGreaterThan(0n);
}

/** `api` and `jobs` are each up only after the other has begun, so they would never be up if started one by one. */
const diamond = {
  services: {
    web: { shell: stamping(), ready, dependsOn: ['api', 'jobs'] },
    api: { shell: `touch api.begun; ${stamping('[ -e jobs.begun ]')}`, ready, dependsOn: 'db' },
    jobs: { shell: `touch jobs.begun; ${stamping('[ -e api.begun ]')}`, ready, dependsOn: ['db'], autostart: false },
    db: { shell: stamping(), ready, autostart: false },
  },
};

const startedNames = (stdout: string) => [...stdout.matchAll(/^\[Started process '(.*)'\]/gm)].map(([, name]) => name);

test('dependencies start first and independent services concurrently; services stop in reverse order', async () => {
  const box = sandbox({ config: diamond });
  const start = await box.candle(['start', 'web']);
  expect(start).toMatchObject({ stderr: calm, exitCode: 0 });
  const [db, one, other, web] = startedNames(start.stdout);
  expect([db, ...[one, other].toSorted(), web]).toEqual(['db', 'api', 'jobs', 'web']);
  const first = await allStamps(box);
  for (const side of [first.api, first.jobs]) {
    expectOrder(first.db.up, side.begun, side.up, first.web.begun);
  }

  // Dependencies that are already running are kept and not mentioned.
  const again = await box.candle(['start', 'web']);
  expect(startedNames(again.stdout)).toEqual(['web']);
  expect((await allStamps(box)).api).toEqual(first.api);

  const restart = await box.candle(['restart']);
  expect(startedNames(restart.stdout).toSorted()).toEqual(['api', 'db', 'jobs', 'web']);
  const second = await allStamps(box);
  for (const side of ['api', 'jobs'] as const) {
    expectOrder(second.web.gone, second[side].asked, second[side].gone, second.db.asked, second.db.gone);
    expectOrder(second.db.gone, second.db.begun, second.db.up, second[side].begun, second[side].up, second.web.begun);
  }

  expect((await box.candle(['kill'])).exitCode).toBe(0);
  const last = await allStamps(box);
  for (const side of [last.api, last.jobs]) {
    expectOrder(last.web.asked, last.web.gone, side.asked, side.gone, last.db.asked, last.db.gone);
  }
  expect(box.processes()).toEqual([]);
});

test('kill stops only the named services, dependents first, and all of them if the configuration is invalid', async () => {
  const box = sandbox({ config: diamond });
  await box.candle(['start', 'web']);
  expect((await box.candle(['kill', 'api'])).stdout).toBe("[Stopped process 'api']\n");
  // `api`, which connects the two, is no longer running.
  expect((await box.candle(['kill', 'db', 'web'])).exitCode).toBe(0);
  const stamps = await allStamps(box);
  expectOrder(stamps.web.gone, stamps.db.asked);
  await box.candle(['start', 'api']);
  box.writeConfig('{ "services": ');
  const { stdout, exitCode } = await box.candle(['kill']);
  expect({ lines: stdout.trimEnd().split('\n').length, exitCode }).toEqual({ lines: 3, exitCode: 0 });
  expect(box.processes()).toEqual([]);
});

test('8 concurrent starts of a service with dependencies leave one run of each', async () => {
  const box = sandbox({ config: diamond });
  const answers = await Promise.all(Array.from({ length: 8 }, () => box.candle(['start', 'web', '--json'])));
  for (const { stdout, stderr, exitCode } of answers) {
    expect({ stderr, exitCode }, stdout).toEqual({ stderr: '', exitCode: 0 });
  }
  const { services } = await box.candleJson(['list']);
  expect(services).toMatchObject(Array(4).fill({ status: 'RUNNING', ready: true }));
  const shims = box.processes().filter(({ command }) => /shim\.sh/.test(command));
  expect(shims).toHaveLength(4);
});

test('a dependency without a check that has exited with code 0 counts as ready', async () => {
  const box = sandbox({
    config: {
      services: {
        web: { shell: 'exec sleep 1000', dependsOn: 'migrate' },
        migrate: { shell: 'echo migrated > done' },
      },
    },
  });
  const { stdout, exitCode } = await box.candle(['start', 'web']);
  expect({ names: startedNames(stdout), exitCode }).toEqual({ names: ['migrate', 'web'], exitCode: 0 });
});

test('kill cancels a start that waits for a dependency', async () => {
  const config = {
    services: { web: { shell: 'exec sleep 1000', dependsOn: 'db' }, db: { shell: stamping('[ -e go ]'), ready } },
  };
  const box = sandbox({ config });
  const start = box.candle(['start', 'web']);
  await until('the dependency is running', async () => (await box.candle(['ps', 'db'])).stdout.includes('RUNNING'));
  expect((await box.candle(['kill', 'web'])).exitCode).toBe(0);
  box.writeFile('go', '');
  const { stderr, exitCode } = await start;
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^Error: Service 'web' was stopped by another command while it was starting\n/m);
  expect((await box.candle(['ps', 'web'])).stdout).toMatch(/^web +not running/m);
});
