import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { calm } from '../calm.ts';
import { freePort } from '../listeners.ts';
import { foreignListener } from '../ports/foreign-listener.ts';
import { sandbox } from '../sandbox.ts';
import { executing, program } from './programs.ts';

const idles = program('idles.mjs');
const listens = program('listens.mjs');

/** Three services, of which `web` depends on `api` and uses its URL. */
function shop(changes: { readonly api?: object; readonly web?: object; readonly worker?: object } = {}) {
  return {
    services: {
      web: {
        shell: program('listens-late.mjs', 300),
        port: 'auto',
        dependsOn: ['api'],
        env: { API: '${services.api.url}' },
        ...changes.web,
      },
      api: { shell: listens, port: 'auto', env: { MODE: 'a' }, ...changes.api },
      worker: { shell: idles, port: null, ...changes.worker },
    },
  };
}

/** What `up --json` says about each service, by name. */
async function upServices(box: Sandbox, ...args: string[]) {
  const document = await box.candleJson(['up', ...args]);
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on the shape themselves
  const services: any[] = document.services;
  return { document, services: Object.fromEntries(services.map((service) => [service.name, service])) };
}

async function pids(box: Sandbox): Promise<Readonly<Record<string, number>>> {
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on the shape themselves
  const services: any[] = (await box.candleJson(['list'])).services;
  return Object.fromEntries(services.filter(({ running }) => running).map(({ name, pid }) => [name, pid]));
}

test('starts every service, dependencies first, waits until all are ready, and changes nothing when repeated', async () => {
  const box = sandbox({ config: shop() });
  const first = await box.candle(['up']);
  expect(first).toMatchObject({ stderr: calm, exitCode: 0 });
  expect(first.stdout.replaceAll(/\d+\.\ds/g, '1.0s').replaceAll(/ +/g, ' ')).toBe(
    [
      'NAME STATE TIME URL',
      'api started 1.0s http://localhost:4001',
      'web started 1.0s http://localhost:4000',
      'worker started 1.0s -\n',
    ].join('\n'),
  );
  expect(await (await fetch('http://localhost:4000')).text()).toBe('4000');
  const before = await pids(box);
  const { document, services } = await upServices(box);
  expect(document).toMatchObject({ ready: true, orphans: [], configOutdated: false, moved: [], newCommands: [] });
  expect(services).toMatchObject({
    web: { state: 'kept', changed: [], ready: true, port: 4000, url: 'http://localhost:4000', pid: before.web },
    api: { state: 'kept', portCheck: { status: 'ok' }, error: null, pid: before.api },
    worker: { state: 'kept', port: null, url: null, pid: before.worker },
  });
  expect((await box.candle(['up'])).stdout).toMatch(/^web +unchanged +- +http:\/\/localhost:4000$/m);
  expect(await pids(box)).toEqual(before);
});

test('replaces only what has died', async () => {
  const box = sandbox({ config: shop() });
  await box.candle(['up']);
  const before = await pids(box);
  for (const pid of executing(box, 'listens.mjs')) process.kill(pid, 'SIGKILL');
  await until('the service is gone', async () => !('api' in (await pids(box))));
  const { services } = await upServices(box);
  expect(services).toMatchObject({ web: { state: 'kept' }, api: { state: 'started' }, worker: { state: 'kept' } });
  const after = await pids(box);
  expect(after).toEqual({ ...before, api: after.api });
  expect(after.api).not.toBe(before.api);
});

test('restarts a service whose definition has changed, says what changed, and leaves its dependents alone', async () => {
  const box = sandbox({ config: shop() });
  await box.candle(['up']);
  const before = await pids(box);
  box.writeConfig(shop({ api: { env: { MODE: 'b' }, stopTimeout: '5s' }, worker: { autostart: false } }));
  const up = await box.candle(['up']);
  expect(up).toMatchObject({ exitCode: 0 });
  expect(up.stdout).toMatch(/^api +restarted \(env, stopTimeout changed\) /m);
  const after = await pids(box);
  expect(after).toEqual({ ...before, api: after.api });
  expect(after.api).not.toBe(before.api);
  expect((await upServices(box)).services.api).toMatchObject({ state: 'kept' });
});

test('restarts a service when a file of envFile has changed, and records no value of it', async () => {
  const box = sandbox({ config: shop({ worker: { envFile: '.env' } }) });
  box.writeFile('.env', 'TOKEN=one\n');
  await box.candle(['up', 'worker']);
  expect((await upServices(box, 'worker')).services).toMatchObject({ worker: { state: 'kept' } });
  box.writeFile('.env', 'TOKEN=two\n');
  const { services } = await upServices(box, 'worker');
  expect(services).toMatchObject({ worker: { state: 'restarted', changed: ['envFile'] } });
  const { settings } = JSON.parse(
    readFileSync(join(box.stateDir, 'runs', services.worker.runId, 'launch.json'), 'utf8'),
  );
  expect(Object.keys(settings)).toContain('envFile');
  expect(JSON.stringify(settings)).not.toContain('two');
});

test('a service whose changed definition cannot be started keeps running, and the reason is reported', async () => {
  const box = sandbox({ config: shop() });
  await box.candle(['up']);
  const before = await pids(box);
  box.writeConfig(shop({ worker: { envFile: 'missing.env' } }));
  const { document, services } = await upServices(box);
  expect(document.ready).toBe(false);
  expect(services).toMatchObject({
    api: { state: 'kept' },
    worker: { state: 'failed', pid: before.worker, error: { code: 'SERVICE_ENV_FILE_UNREADABLE' } },
  });
  expect(await pids(box)).toEqual(before);
});

test('after its port was released and reserved again, a service restarts on it, and so does one that uses its URL', async () => {
  const box = sandbox({ config: shop({ web: { dependsOn: [] } }) });
  await box.candle(['up']);
  const before = await pids(box);
  await box.candle(['release-ports', 'api']);
  await box.candle(['reserve-port', 'api', '--port', '4321']);
  const { services } = await upServices(box);
  expect(services).toMatchObject({
    api: { state: 'restarted', changed: ['port'], port: 4321 },
    web: { state: 'restarted', changed: ['env'] },
    worker: { state: 'kept', pid: before.worker },
  });
  expect(await (await fetch('http://localhost:4321')).text()).toBe('4321');
});

test('after a move, dependents restart, and each up reports the others that still have the old port', async () => {
  const box = sandbox({ config: shop({ web: { env: {} }, worker: { env: { API_URL: 'fixed' } } }) });
  await box.candle(['up']);
  const before = await pids(box);
  expect(await box.candle(['up', 'api', '--move'])).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining("Services 'web', 'worker' are still running with the old port 4001 of 'api'"),
  });
  const { document, services } = await upServices(box);
  expect(services).toMatchObject({
    api: { state: 'kept' },
    web: { state: 'restarted', changed: ['API_PORT', 'API_URL'] },
    worker: { state: 'kept', pid: before.worker },
  });
  expect(document.outdated).toMatchObject([{ name: 'worker', ports: [], variables: ['API_PORT'] }]);
  const again = await box.candle(['up']);
  expect(again.stdout).not.toContain('restarted');
  expect(again.stderr).toContain("Service 'worker' is still running with the old API_PORT: candle restart worker\n");

  box.writeConfig(
    shop({ api: { url: 'http://127.0.0.1:${port}' }, web: { env: {} }, worker: { env: { API_URL: 'fixed' } } }),
  );
  expect((await upServices(box)).services).toMatchObject({
    api: { state: 'kept', url: 'http://127.0.0.1:4002' },
    web: { state: 'restarted', changed: ['API_URL'] },
    worker: { state: 'kept' },
  });
});

test('a service keeps its reserved ports and its PID if only the ports that it prefers have changed', async () => {
  const config = (port: number, hmr: number) => ({
    services: { web: { shell: listens, port, ports: { HMR: hmr } } },
  });
  const box = sandbox({ config: config(4500, 4600) });
  await box.candle(['up']);
  const before = await pids(box);
  box.writeConfig(config(4501, 4601));
  const up = await box.candle(['up']);
  expect(up.stdout).toMatch(/^web +unchanged .*4500$/m);
  expect(up.stderr).toContain(
    "'web.HMR' already has reserved port 4600, so it did not get 4601. To release it, so that the next start reserves the other one: candle release-ports web.HMR\n",
  );
  expect(await pids(box)).toEqual(before);
  await box.candle(['release-ports', 'web.HMR']);
  expect((await upServices(box)).services.web).toMatchObject({ state: 'restarted', changed: ['ports'], port: 4500 });
});

test('a service that is running without a port gets the one that is now configured', async () => {
  const api = { shell: `echo "port=$PORT"; ${idles}`, ready: false };
  const box = sandbox({ config: { services: { api } } });
  await box.candle(['up']);
  box.writeConfig({ services: { api: { ...api, port: 'auto' } } });
  expect((await upServices(box)).services.api).toMatchObject({ state: 'restarted', changed: ['port'], port: 4000 });
  expect((await box.candle(['logs', 'api', '--run', 'latest'])).stdout).toContain('port=4000');
});

test('a program that always uses the same number follows the advice, and a service without a reservation waits for none', async () => {
  const port = await freePort(7_200);
  const web = { shell: program('listens-on.mjs', '127.0.0.1', port) };
  const box = sandbox({ config: { services: { web } } });
  await box.candle(['up']);
  await box.candle(['reserve-port', 'web']);
  await box.candle(['restart', 'web']);
  await box.candle(['release-ports', 'web']);
  const up = await box.candle(['up']);
  expect(up).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^web +restarted \(port changed\) /m) });
  expect(up.stderr).toContain(`set "port": ${port} in .candle.json: candle restart web\n`);
  box.writeConfig({ services: { web: { ...web, port } } });
  await box.candle(['restart', 'web']);
  expect((await upServices(box)).services.web).toMatchObject({ state: 'kept', port, portCheck: { status: 'ok' } });
});

/** Notes in one file for all services when it starts and when it is stopped. */
function noting(name: string, mode: string): object {
  const shell = `trap 'echo ${name} stops >> ../order; exit 0' TERM; echo ${name} starts >> ../order; echo up; while :; do sleep 0.05; done`;
  return { shell, ready: { log: 'up' }, env: { MODE: mode } };
}

test('changed services that depend on each other stop in the reverse of the order in which they start', async () => {
  const config = (mode: string) => ({
    services: { web: { ...noting('web', mode), dependsOn: 'api' }, api: noting('api', mode) },
  });
  const box = sandbox({ config: config('a') });
  expect(await box.candle(['up'])).toMatchObject({ exitCode: 0 });
  box.writeConfig(config('b'));
  const { services } = await upServices(box);
  expect(services).toMatchObject({ web: { state: 'restarted' }, api: { state: 'restarted' } });
  expect(readFileSync(join(box.root, 'order'), 'utf8').trimEnd().split('\n')).toEqual([
    'api starts',
    'web starts',
    'web stops',
    'api stops',
    'api starts',
    'web starts',
  ]);
});

test('starts a service without autostart only if it is named or needed', async () => {
  const manual = { shell: idles, autostart: false };
  const box = sandbox({
    config: { services: { web: { shell: idles, dependsOn: 'db' }, db: manual, docs: manual, lint: manual } },
  });
  expect(Object.keys((await upServices(box)).services)).toEqual(['db', 'web']);
  expect(Object.keys((await upServices(box, 'docs')).services)).toEqual(['docs']);
  expect(Object.keys(await pids(box)).toSorted()).toEqual(['db', 'docs', 'web']);
});

test('reports a service that is no longer configured and stops it on request, and ignores transient services', async () => {
  const box = sandbox({ config: shop() });
  await box.candle(['up']);
  await box.candle(['start', 'docs', '--shell', idles]);
  box.writeConfig({ services: { worker: shop().services.worker } });
  const before = await pids(box);
  const up = await box.candle(['up']);
  expect(up).toMatchObject({ exitCode: 0 });
  expect(up.stderr).toContain(
    "Service 'api' is running, but is no longer configured. To stop it: candle down api\nService 'web'",
  );
  expect(up.stderr).not.toContain('docs');
  expect(await pids(box)).toEqual(before);
  const { document } = await upServices(box, '--remove-orphans');
  expect(document.orphans).toEqual([
    { name: 'api', pid: before.api, stopped: true },
    { name: 'web', pid: before.web, stopped: true },
  ]);
  expect(await pids(box)).toEqual({ worker: before.worker, docs: before.docs });
});

test('a service that fails is reported with its last lines, fails its dependents, and leaves the others running', async () => {
  const box = sandbox({ config: shop({ api: { shell: 'echo no database; exit 3' } }) });
  const up = await box.candle(['up']);
  expect(up.exitCode).toBe(1);
  expect(up.stdout).toMatch(/^api +failed[\s\S]*^web +not started[\s\S]*^worker +started/m);
  expect(up.stderr).toContain("Service 'api' failed to start: it exited with code 3");
  expect(up.stderr).toContain('no database');
  expect(up.stderr).toContain("Service 'web' was not started because it depends on 'api'");
  expect(Object.keys(await pids(box))).toEqual(['worker']);

  const json = await box.candle(['up', '--json']);
  expect(json.exitCode).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({
    ready: false,
    services: [
      { name: 'api', state: 'failed', ready: false, pid: null, error: { code: 'SERVICE_START_FAILED' } },
      { name: 'web', state: 'failed', error: { code: 'SERVICE_DEPENDENCY_FAILED' } },
      { name: 'worker', state: 'kept', ready: true, error: null },
    ],
  });
});

test('waits for each service as long as its ready.timeout, or as long as --timeout says', async () => {
  const never = { shell: idles, port: 'auto', ready: { port: true, timeout: '700ms' } };
  const box = sandbox({ config: { services: { api: never } } });
  const own = await upServices(box);
  expect(own.services.api).toMatchObject({
    state: 'failed',
    ready: false,
    port: 4000,
    pid: (await pids(box)).api,
    error: { code: 'SERVICE_NOT_READY', details: { waitedMs: 700 } },
  });
  const given = await upServices(box, '--timeout', '900ms');
  expect(given.services.api.error).toMatchObject({ details: { waitedMs: 900 } });
  expect(await box.candle(['up', '--timeout', 'soon'])).toMatchObject({ exitCode: 1, stdout: '' });
});

test('a service that ends while the others become ready has failed', async () => {
  const watcher = 'echo $$ > pid; until test -e go; do sleep 0.05; done; echo no styles; exit 4';
  const api = 'sleep 1; touch go; while kill -0 $(cat pid); do sleep 0.05; done; echo ready; exec sleep 1000';
  const box = sandbox({
    config: {
      services: { watcher: { shell: watcher, port: null }, api: { shell: api, port: null, ready: { log: 'ready' } } },
    },
  });
  const up = await box.candle(['up']);
  expect(up.exitCode).toBe(1);
  expect(up.stdout).toMatch(/^watcher +failed[\s\S]*^api +started/m);
  expect(up.stderr).toContain("Service 'watcher' failed to start: it exited with code 4");
  expect(up.stderr).toContain('no styles');
});

test('a command that has exited with code 0 is finished, which counts as ready', async () => {
  const box = sandbox({ config: { services: { migrate: { shell: 'echo done' } } } });
  const { document, services } = await upServices(box);
  expect(document.ready).toBe(true);
  expect(services.migrate).toMatchObject({ state: 'finished', ready: null });
});

test('a service with a configured check is not ready because it has exited with code 0, for any command', async () => {
  const db = { shell: 'echo begun', ready: { exec: 'false' } };
  const api = { shell: idles, port: null, dependsOn: 'db' };
  const box = sandbox({ config: { services: { db, api } } });
  const message = "Service 'db' did not become ready: it exited with code 0";
  const { document, services } = await upServices(box);
  expect(document.ready).toBe(false);
  expect(services.db).toMatchObject({ state: 'failed', error: { code: 'SERVICE_ENDED_UNREADY', message } });
  for (const command of [
    ['start', 'api'],
    ['start', 'db', '--wait'],
  ]) {
    const { stderr, exitCode } = await box.candle(command);
    expect(exitCode, command.join(' ')).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain('set "oneshot": true for \'db\' in .candle.json');
  }
  expect(await box.candle(['start', 'db'])).toMatchObject({ exitCode: 0 });
  const { error } = await box.candleJson(['wait-for-ready', 'db']);
  expect(error).toMatchObject({ message: "Service 'db' is not running: it exited with code 0" });
  expect((await box.candleJson(['ps', 'api'])).services[0].running).toBe(false);
});

test('reports who uses a reserved port, moves nothing on its own, and takes another port with --move', async () => {
  const box = sandbox({ config: shop() });
  await box.candle(['reserve-port', 'api', '--port', '4400']);
  const { pid } = await foreignListener('127.0.0.1', [4400], { cwd: box.root });
  const up = await box.candle(['up']);
  expect(up.exitCode).toBe(1);
  expect(up.stderr).toMatch(new RegExp(`Port 4400, reserved for service 'api', is in use by .*pid ${pid}`));
  expect(up.stderr).toContain("To take another port for 'api': candle up api --move\n");
  expect(await box.candle(['get-reserved-port', 'api'])).toMatchObject({ stdout: '4400\n' });
  const { document, services } = await upServices(box, 'api', '--move');
  expect(document.moved).toMatchObject([{ name: 'api', from: 4400 }]);
  expect(services.api).toMatchObject({ state: 'started', ready: true });
  expect(await box.candle(['up', '--move'])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--move') });
});

test('of 16 at once, one starts each service; after a change, one restarts it; all succeed', {
  timeout: 120_000,
}, async () => {
  const box = sandbox({ config: shop() });
  const atOnce = async () => {
    const all = await Promise.all(Array.from({ length: 16 }, () => box.candle(['up', '--json'])));
    for (const { stdout, exitCode } of all) expect(exitCode, stdout).toBe(0);
    const states = (name: string) =>
      // biome-ignore lint/suspicious/noExplicitAny: tests assert on the shape themselves
      all.map(({ stdout }) => JSON.parse(stdout).services.find((one: any) => one.name === name).state).toSorted();
    return { api: states('api'), web: states('web') };
  };
  expect(await atOnce()).toEqual({
    api: [...Array(15).fill('kept'), 'started'],
    web: [...Array(15).fill('kept'), 'started'],
  });
  const before = await pids(box);
  box.writeConfig(shop({ api: { env: { MODE: 'b' } } }));
  expect(await atOnce()).toEqual({ api: [...Array(15).fill('kept'), 'restarted'], web: Array(16).fill('kept') });
  const after = await pids(box);
  expect(after).toEqual({ ...before, api: after.api });
  for (const fixture of ['listens.mjs', 'listens-late.mjs', 'idles.mjs'])
    expect(executing(box, fixture)).toHaveLength(1);
});

test('uses the configuration that it read first, and reports that the file has changed meanwhile', async () => {
  const config = (mode: string) => ({
    services: { api: { shell: `sed -i s/be[f]ore/after/ .candle.json; ${idles}`, env: { MODE: mode } } },
  });
  const box = sandbox({ config: config('before') });
  const up = await box.candle(['up']);
  expect(up).toMatchObject({ exitCode: 0 });
  expect(up.stderr).toContain('.candle.json has changed since it was read. To apply the changes: candle up\n');
  const { document, services } = await upServices(box);
  expect(services.api).toMatchObject({ state: 'restarted', changed: ['env'] });
  expect(document.configOutdated).toBe(false);
});
