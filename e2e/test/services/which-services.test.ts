import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calm, withoutNewCommands } from '../calm.ts';
import { sandbox } from '../sandbox.ts';
import { normalize, pidOf, runEach } from './answers.ts';
import { executing, program } from './programs.ts';

const idles = program('idles.mjs');

test('without names, start and check-start apply to services with autostart, restart and kill to running services', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'api', shell: idles, ready: false },
        { name: 'web', shell: idles, ready: false },
        { name: 'migrate', shell: idles, ready: false, autostart: false },
      ],
    },
  });
  const running = async () => {
    const { services } = await box.candleJson(['list']);
    return services
      .filter((service: { running: boolean }) => service.running)
      .map(({ name }: { name: string }) => name);
  };
  expect(await box.candle(['restart'])).toMatchObject({
    stdout: 'No service of this project is running, so none was restarted\n',
    exitCode: 0,
  });
  expect((await box.candle(['start'])).exitCode).toBe(0);
  expect(await running()).toEqual(['api', 'web']);
  const web = await pidOf(box, 'web');
  expect((await box.candle(['kill', 'api'])).exitCode).toBe(0);
  expect((await box.candle(['restart'])).stdout).not.toContain("'api'");
  expect(await running()).toEqual(['web']);
  const newWeb = await pidOf(box, 'web');
  expect(newWeb).not.toBe(web);
  expect(normalize((await box.candle(['check-start'])).stdout)).toBe(
    [
      "[Already running: 'web', pid N]",
      `[Started process 'api'] $ ${idles}`,
      `[With root directory: ${box.projectDir}]`,
      '',
    ].join('\n'),
  );
  expect(await pidOf(box, 'web')).toBe(newWeb);
  expect((await box.candle(['start', 'migrate'])).exitCode).toBe(0);
  expect(await running()).toEqual(['api', 'web', 'migrate']);
  expect((await box.candle(['kill'])).stdout.split('\n').sort()).toEqual([
    '',
    "[Stopped process 'api']",
    "[Stopped process 'migrate']",
    "[Stopped process 'web']",
  ]);
});

test('a transient service can be started, listed, restarted by name and killed like any other', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles, ready: false }] } });
  mkdirSync(join(box.projectDir, 'site'));
  const start = await box.candle(['start', 'docs', '--shell', idles, '--root', 'site']);
  expect(start).toMatchObject({ exitCode: 0, stderr: calm });
  expect(start.stdout).toContain(`[With root directory: ${box.projectDir}/site]`);
  expect((await box.candle(['list'])).stdout).toContain('docs (transient)\n  Status:    RUNNING');
  const first = await pidOf(box, 'docs');
  expect((await box.candle(['restart', 'docs'])).stdout).toContain(`[With root directory: ${box.projectDir}/site]`);
  expect(await pidOf(box, 'docs')).not.toBe(first);
  expect((await box.candle(['kill', 'docs'])).exitCode).toBe(0);
  expect((await box.candle(['start', 'docs'])).exitCode).toBe(0);
  expect((await box.candle(['start'])).stdout).not.toContain("'docs'");
  expect(executing(box, 'idles.mjs')).toHaveLength(2);

  expect(await box.candle(['start', 'api', '--shell', 'true'])).toMatchObject({
    stderr: expect.stringMatching(
      /^Error: Service 'api' has its command in .*\.candle\.json, so --shell is not allowed\n/,
    ),
    exitCode: 1,
  });
  expect(await box.candle(['start', 'a', 'b', '--shell', 'true'])).toMatchObject({ exitCode: 1, stdout: '' });
});

test('a failed service does not stop the others, and all failures are reported', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'a', shell: 'exit 3' },
        { name: 'b', shell: idles, ready: false },
        { name: 'c', shell: 'exit 4' },
      ],
    },
  });
  const { stdout, stderr, exitCode } = await box.candle(['start']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain("[Started process 'b']");
  expect(withoutNewCommands(stderr)).toMatch(
    /^Error: 2 services failed\n- Service 'a' failed to start.* code 3\n[\s\S]*- Service 'c' .* code 4\n/,
  );
  expect(executing(box, 'idles.mjs')).toHaveLength(1);
  expect(await box.candle(['start', '--json'])).toMatchObject({ stderr: '', exitCode: 1 });
});

test('without a service to start, start suggests a command', async () => {
  const box = sandbox({ config: { services: [] } });
  for (const answer of await runEach(box, ['start'], ['check-start'])) {
    expect(answer).toMatchObject({
      stderr: expect.stringMatching(
        /^Error: No service to start: .*candle\.json defines no services\nTo add a service: candle add-service /,
      ),
      exitCode: 1,
    });
  }
  expect(await box.candle(['start', 'apii'])).toMatchObject({
    stderr: expect.stringMatching(/^Error: Unknown service 'apii' in project /),
    exitCode: 1,
  });
});
