import { expect, test } from 'vitest';
import { freePorts, listen } from '../listeners.ts';
import { failureOf, serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { environmentOf } from './environment-of.ts';
import { program } from './programs.ts';

const idles = 'exec sleep 1000';
const worker = { shell: idles, ready: false };

test('the first start reserves the configured ports of all services, and each service gets all of them as variables', async () => {
  const [port = 0] = await freePorts(1, 5200);
  const shell = `echo \${services.web.url} \${port} \${HOME}; ${program('prints-env.mjs')}`;
  const box = sandbox({
    config: {
      services: [
        { name: 'api', shell, port: 'auto', env: { WEB: `\${services.web.port}`, LITERAL: `$\${port}` }, ready: false },
        { name: 'web', port, env: { API: `\${services.api.url}` }, ...worker },
        { name: 'job', ...worker },
      ],
    },
  });
  const { env, run } = await environmentOf(box, 'api');
  const { ports } = await box.candleJson(['list-reserved-ports']);
  expect(ports).toMatchObject([{ serviceName: 'api' }, { serviceName: 'web', port }]);
  const own = String(ports[0].port);
  expect(env).toMatchObject({
    PORT: own,
    API_PORT: own,
    WEB: String(port),
    WEB_PORT: String(port),
    WEB_URL: `http://localhost:${port}`,
    LITERAL: `\${port}`,
  });
  // The command is shown with its templates resolved. Variables of the shell, such as ${HOME}, are left to the shell.
  const resolved = shell.replace(`\${services.web.url}`, `http://localhost:${port}`).replace(`\${port}`, own);
  expect(run.shell).toBe(resolved);
  const { services } = await box.candleJson(['list', 'api']);
  expect(services).toMatchObject([{ shell: resolved, configChanged: false }]);
});

test('a template without a value is rejected before any service is started or stopped', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'api', ...worker },
        { name: 'web', ...worker, env: { API: `\${services.api.url}` } },
      ],
    },
  });
  const rejected = {
    stdout: '',
    stderr: expect.stringMatching(
      /^Error: Service 'web' cannot be started: env\.API contains \$\{services\.api\.url\}, but 'api' has no reserved port\nRun candle reserve-port api/,
    ),
    exitCode: 1,
  };
  expect(await box.candle(['start'])).toMatchObject(rejected);
  expect((await box.candleJson(['list'])).services).toMatchObject([{ running: false }, { running: false }]);
  await box.candle(['reserve-port', 'api']);
  await box.candle(['start']);
  await box.candle(['release-ports', 'api']);
  expect(await box.candle(['restart'])).toMatchObject(rejected);
  // check-start keeps the running services, so their templates need no value.
  expect(await box.candle(['check-start'])).toMatchObject({ exitCode: 0 });
  expect((await box.candleJson(['list'])).services).toMatchObject([{ running: true }, { running: true }]);
});

test('start --move takes another port and lists the services that still use the old one', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'api', port: 'auto', ...worker },
        { name: 'web', ...worker },
        { name: 'old', ...worker },
      ],
    },
  });
  await box.candle(['start', 'old']);
  const { services } = await box.candleJson(['start', 'api', 'web']);
  const { port } = services[0];
  const move = await box.candle(['start', 'api', '--move']);
  const { services: listed } = await box.candleJson(['list', 'api']);
  const moved = listed[0].port;
  expect(moved).not.toBe(port);
  expect(move.stdout).toBe(
    `[Moved 'api' from port ${port} to ${moved}]\n[Started process 'api'] $ ${idles}\n[With root directory: ${box.projectDir}]\n[PORT: ${moved}]\n[URL: http://localhost:${moved}]\n`,
  );
  expect(move.stderr).toContain(
    `Services 'old', 'web' are still running with the old port ${port} of 'api': candle restart old web\n`,
  );
  await box.candle(['restart', 'web']);
  await box.candle(['kill', 'old']);
  const again = await box.candleJson(['start', 'api', '--move']);
  expect(again).toMatchObject({
    fallbacks: [],
    moved: [{ name: 'api', from: moved, to: again.services[0].port }],
    outdated: [{ name: 'web', ports: [moved] }],
  });
});

test('start --move gives a running service another port if another process uses its port', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', port: 'auto', ...worker }] } });
  const { services } = await box.candleJson(['start', 'api']);
  const { port, runId } = services[0];
  await listen({ port, host: '::' });
  expect(await box.candle(['start', 'api', '--move'])).toMatchObject({ exitCode: 0 });
  const [moved] = (await box.candleJson(['list', 'api'])).services;
  expect(moved).toMatchObject({ running: true, runId: expect.not.stringContaining(runId) });
  expect(moved.port).not.toBe(port);
});

test('--move requires names of services with a reserved or configured port', async () => {
  const box = sandbox({ config: { services: [{ name: 'job', ...worker }] } });
  expect(await box.candle(['start', '--move'])).toMatchObject({
    stderr: expect.stringMatching(/^Error: --move requires the names of the services/),
    exitCode: 1,
  });
  expect(await box.candle(['start', 'job', '--move'])).toMatchObject({
    stderr: "Error: No reserved port found for service 'job'\nTo reserve one: candle reserve-port job\n",
    exitCode: 1,
  });
  expect((await box.candleJson(['list'])).services).toMatchObject([{ running: false }]);
});

test('a service with strictPort does not start if its port is in use, but does not block other services', async () => {
  const [port = 0] = await freePorts(1, 5300);
  await listen({ port, host: '::1' });
  const box = sandbox({
    config: {
      services: [
        { name: 'web', port, strictPort: true, ...worker },
        { name: 'blog', port, ...worker },
        { name: 'job', ...worker },
      ],
    },
  });
  const first = await box.candle(['start', 'job']);
  expect(first).toMatchObject({ stderr: expect.not.stringContaining('web'), exitCode: 0 });
  expect(first.stderr).toMatch(
    new RegExp(
      `^Port ${port} is not available: it is in use by .+ \\(pid ${process.pid}\\) .*; 'blog' has port \\d+ instead`,
    ),
  );
  const rejected = await box.candle(['start', 'web']);
  expect(rejected).toMatchObject({ stdout: '', exitCode: 1 });
  expect(rejected.stderr).toMatch(
    new RegExp(
      `^Error: Port ${port} is not available for service 'web': it is in use by .+ \\(pid ${process.pid}\\)\nTo see more: candle who-has ${port}\n`,
    ),
  );
  const { ports } = await box.candleJson(['list-reserved-ports']);
  expect(ports).toMatchObject([{ serviceName: 'blog' }]);
});

test('a running service keeps running if strictPort is added for a port that is in use', async () => {
  const [port = 0] = await freePorts(1, 5200);
  const box = sandbox({ config: { services: [{ name: 'web', ...worker }] } });
  await box.candle(['start']);
  await listen({ port, host: '127.0.0.1' });
  box.writeConfig({
    services: [
      { name: 'web', ...worker, port, strictPort: true },
      { name: 'job', ...worker, dependsOn: ['web'] },
    ],
  });
  expect(await box.candle(['check-start', 'web'])).toMatchObject({ exitCode: 0 });
  expect(await box.candle(['start', 'job'])).toMatchObject({ exitCode: 0 });
  expect((await box.candleJson(['start', 'web'])).error).toMatchObject({ code: 'PORT_NOT_AVAILABLE' });
  expect((await box.candleJson(['list'])).services).toMatchObject([{ running: true }, { running: true }]);
});

test('every start reports a service that still runs with an old port', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'api', port: 'auto', ...worker },
        { name: 'job', ...worker },
      ],
    },
  });
  const { port: old } = (await box.candleJson(['start', 'api'])).services[0];
  await box.candle(['release-ports', 'api']);
  await box.candle(['reserve-port', 'api', '--port', String(old + 1)]);
  const notice = `Service 'api' is still running with the old port ${old} of 'api': candle restart api\n`;
  expect((await box.candle(['check-start', 'api'])).stderr).toContain(notice);
  expect((await box.candle(['start', 'job'])).stderr).toContain(notice);
  expect(await box.candleJson(['check-start'])).toMatchObject({ outdated: [{ name: 'api', ports: [old] }] });
  expect((await box.candle(['restart', 'api'])).stderr).not.toContain('old port');
  expect((await box.candle(['check-start'])).stderr).not.toContain('old port');
});

test('a service keeps the port that it already listens on if the configuration later prefers that port', async () => {
  const [port = 0] = await freePorts(1, 5400);
  const shell = `PORT=${port} ${program('listens.mjs')}`;
  const box = sandbox({ config: { services: [{ name: 'web', shell, ready: { port } }] } });
  await box.candle(['start', 'web']);
  box.writeConfig({ services: [{ name: 'web', shell, port }] });
  expect(await box.candleJson(['start', 'web'])).toMatchObject({ services: [{ port, ready: true }], fallbacks: [] });
});

test('a transient service can have a preferred port; the MCP tools support --port and --move too', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', port: 'auto', ...worker }] } });
  const mcp = await serveMcp(box);
  const shell = program('listens.mjs');
  const [first = 0, next = 0] = await freePorts(2, 5500);
  const { services } = await box.candleJson(['start', 'docs', '--shell', shell, '--port', String(first)]);
  expect(services).toMatchObject([{ port: first, ready: true }]);
  const other = await mcp.ask('StartTransientService', { name: 'page', shell, port: first });
  expect(other).toMatchObject({
    services: [{ port: next }],
    fallbacks: [
      { name: 'page', preferred: first, port: next, reason: 'reserved', reservedBy: { serviceName: 'docs' } },
    ],
  });
  expect(failureOf(await mcp.call('StartTransientService', { name: 'page', shell, port: 'abc' })).sentence).toBe(
    'Invalid input for StartTransientService: port must be "auto" or a number',
  );
  const kept = await box.candle(['start', 'docs', '--shell', shell, '--port', String(next)]);
  expect(kept.stderr).toContain(`'docs' already has reserved port ${first}, so it did not get ${next}.`);
  const { services: started } = await mcp.ask('StartService', { name: 'api' });
  const { moved } = await mcp.ask('StartService', { name: 'api', move: true });
  expect(moved).toEqual([{ name: 'api', from: started[0].port, to: expect.any(Number) }]);
  for (const [text, sentence] of [
    ['80', /^Error: Port 80 cannot be reserved/],
    ['70000', /^Error: '70000' is not a port number/],
    ['abc', /^Error: 'abc' is not a port number/],
  ] as const) {
    const rejected = await box.candle(['start', 'more', '--shell', shell, '--port', text]);
    expect(rejected).toMatchObject({ stdout: '', stderr: expect.stringMatching(sentence), exitCode: 1 });
  }
  const configured = await box.candle(['start', 'api', '--port', String(next)]);
  expect(configured).toMatchObject({ stdout: '', exitCode: 1 });
  expect(configured.stderr).toMatch(
    /^Error: --port requires --shell; set the port of a configured service in \.candle\.json, or with candle reserve-port\n/,
  );
});
