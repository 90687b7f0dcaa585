import { expect, test } from 'vitest';
import { withoutNewCommands } from '../calm.ts';
import { sandbox } from '../sandbox.ts';

const stays = 'exec sleep 1000';

const chain = {
  services: {
    web: { shell: stays, dependsOn: 'api' },
    api: { shell: stays, dependsOn: ['cache', 'db'] },
    cache: { shell: stays },
    db: { shell: 'echo no space left; exit 3' },
  },
};
const reason = "Service 'db' failed to start: it exited with code 3";

test('services that depend on a failed service are not started, and each error shows the whole chain', async () => {
  const box = sandbox({ config: chain });
  const { stdout, stderr, exitCode } = await box.candle(['start', 'web']);
  expect(exitCode).toBe(1);
  expect([...stdout.matchAll(/^\[Started process '(\w+)'\]/gm)].map(([, name]) => name).toSorted()).toEqual([
    'cache',
    'db',
  ]);
  expect(withoutNewCommands(stderr).split('\n')).toEqual([
    'Error: 1 service failed, and 2 were not started',
    `- ${reason}`,
    '  Its last lines:',
    '    no space left',
    '  To see the output of the service: candle logs db',
    `- Service 'api' was not started because it depends on 'db': ${reason}`,
    "  Fix 'db', then: candle start api",
    `- Service 'web' was not started because it depends on 'api', which depends on 'db': ${reason}`,
    "  Fix 'db', then: candle start web",
    '',
  ]);
  const { services } = await box.candleJson(['list']);
  expect(services.map(({ name, running }: { name: string; running: boolean }) => [name, running])).toEqual([
    ['web', false],
    ['api', false],
    ['cache', true],
    ['db', false],
  ]);
});

test('the JSON error contains the chain too', async () => {
  const box = sandbox({ config: chain });
  const { stdout, stderr, exitCode } = await box.candle(['start', 'web', '--json']);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 1 });
  expect(JSON.parse(stdout).error.details.errors).toMatchObject([
    { code: 'SERVICE_START_FAILED', details: { serviceName: 'db' } },
    { code: 'SERVICE_DEPENDENCY_FAILED', details: { name: 'api', chain: ['api', 'db'] } },
    {
      code: 'SERVICE_DEPENDENCY_FAILED',
      details: {
        name: 'web',
        projectDir: box.projectDir,
        chain: ['web', 'api', 'db'],
        reason: { code: 'SERVICE_START_FAILED', message: reason, details: { lastLines: ['no space left'] } },
      },
    },
  ]);
});

test('a dependency that is not ready within its timeout keeps running, but its dependents do not start', async () => {
  const box = sandbox({
    config: {
      services: {
        web: { shell: stays, dependsOn: 'db' },
        db: { shell: stays, ready: { exec: 'exit 1', timeout: '1s' } },
      },
    },
  });
  const { stdout, stderr } = await box.candle(['start', 'web']);
  expect(stdout).toMatch(/^\[Started process 'db'\]/);
  expect(stderr).toMatch(
    /^Error: Service 'web' was not started because it depends on 'db': Service 'db' is not ready after 1 s: 'exit 1' exits with code 1$/m,
  );
  expect((await box.candle(['ps'])).stdout).toMatch(/\nweb +not running .*\ndb +RUNNING +no /);
});

test('check-start keeps a running service whose dependency fails', async () => {
  const box = sandbox({ config: { services: { web: { shell: stays }, db: { shell: 'exit 3', autostart: false } } } });
  const [{ runId }] = (await box.candleJson(['start'])).services;
  box.writeConfig({ services: { web: { shell: stays, dependsOn: 'db' }, db: { shell: 'exit 3' } } });
  const { stdout, stderr, exitCode } = await box.candle(['check-start', 'web']);
  expect(stdout).toMatch(/^\[Already running: 'web'/m);
  expect({ stderr: withoutNewCommands(stderr).split('\n')[0], exitCode }).toEqual({
    stderr: `Error: ${reason}`,
    exitCode: 1,
  });
  expect((await box.candleJson(['list', 'web'])).services).toMatchObject([{ runId, running: true }]);
});

test.each([
  [
    'a circular dependency',
    { web: ['api'], api: ['web'] },
    "line 6: services.web.dependsOn: is circular: 'web' → 'api' → 'web'",
  ],
  ['a dependency on itself', { web: ['web'] }, "line 6: services.web.dependsOn: is circular: 'web' → 'web'"],
  [
    'a dependency on an unknown service',
    { web: ['apy'], api: [] },
    "line 6: services.web.dependsOn: refers to 'apy', which is not configured; did you mean 'api'?",
  ],
])('%s is a configuration error with line and field', async (_, graph, problem) => {
  const services = Object.fromEntries(
    Object.entries(graph).map(([name, dependsOn]) => [name, { shell: stays, autostart: true, dependsOn }]),
  );
  const box = sandbox({ config: { services } });
  const { stderr, exitCode } = await box.candle(['start']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(problem);
  expect(stderr).toMatch(/^Error: .*\.candle\.json /);
  expect(box.processes()).toEqual([]);
});
