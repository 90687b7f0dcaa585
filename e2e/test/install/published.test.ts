import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect, onTestFinished } from 'vitest';
import { filesBelow, globalInstall } from '../../install/global-install.ts';
import { answerOf, countedLines, doMainJob, program, startService } from '../../install/main-job.ts';
import { cliOfVersion } from '../../install/new-version.ts';
import { startRegistry } from '../../registry/start-registry.ts';
import { testInFull } from '../bounded.ts';
import { sandbox } from '../sandbox.ts';
import { awaitNoSupervisor, awaitSupervisor } from '../supervisor-of.ts';

testInFull(
  'Candle is published, installed with npm, used, upgraded while services run, and uninstalled completely',
  async () => {
    const registry = await startRegistry();
    onTestFinished(() => registry.close());
    const box = sandbox();
    box.writeFile('server.mjs', program);
    const installed = globalInstall(box, registry.env);
    const { candle, npm, prefix } = installed;

    await registry.publish(await cliOfVersion('1.0.0', box.root));
    const install = await npm('install', '@candle/cli');
    expect(install, install.stderr + registry.log()).toMatchObject({ exitCode: 0 });
    expect((await candle(['--version'])).stdout).toMatch(/^@candle\/cli\/1\.0\.0 /);
    await doMainJob(installed);

    const port = await startService(installed, 'web');
    const before = await awaitSupervisor(box);
    expect(before.version).toBe('1.0.0');
    const { pid } = (await serviceOf(candle)) ?? {};
    await registry.publish(await cliOfVersion('1.1.0', box.root));
    const upgrade = await npm('install', '@candle/cli@latest');
    expect(upgrade, upgrade.stderr + registry.log()).toMatchObject({ exitCode: 0 });
    expect((await candle(['--version'])).stdout).toMatch(/^@candle\/cli\/1\.1\.0 /);

    // Neither the service nor the supervisor, whose files are gone, is affected. The next start starts a newer supervisor.
    expect(await answerOf(port)).toBe(`hello from ${port}`);
    expect(await serviceOf(candle)).toMatchObject({ name: 'web', status: 'RUNNING', pid, port });
    expect((await awaitSupervisor(box)).pid).toBe(before.pid);
    await startService(installed, 'api2');
    expect((await awaitSupervisor(box, before.pid)).version).toBe('1.1.0');
    expect(await serviceOf(candle)).toMatchObject({ name: 'web', status: 'RUNNING', pid, port });

    const last = countedLines((await candle(['logs', 'web', '-n', '1'])).stdout)[0] ?? 0;
    await until(
      'the service has printed more',
      async () => countedLines((await candle(['logs', 'web', '-n', '1'])).stdout)[0] !== last,
    );
    const numbers = countedLines((await candle(['logs', 'web', '-n', '100000'])).stdout);
    expect(numbers.length).toBeGreaterThan(last);
    expect(numbers).toEqual(numbers.map((_number, index) => index + 1));

    expect((await candle(['kill-all'])).exitCode).toBe(0);
    await awaitNoSupervisor(box);
    const uninstall = await npm('uninstall', '@candle/cli');
    expect(uninstall, uninstall.stderr).toMatchObject({ exitCode: 0 });
    expect(box.processes()).toEqual([]);
    expect(filesBelow(prefix)).toEqual([]);
    // Node's compile cache may remain: the docs say that it can be deleted at any time.
    expect(filesBelow(box.home).filter((file) => !file.startsWith(join('.cache', 'candle', 'compiled')))).toEqual([]);
    expect(filesBelow(join(box.root, 'tmp'))).toEqual([]);
    expect(filesBelow(box.projectDir)).toEqual(['.candle.json', 'server.mjs']);
  },
  120_000,
);

// biome-ignore lint/suspicious/noExplicitAny: a test asserts on the form itself
async function serviceOf(candle: ReturnType<typeof globalInstall>['candle']): Promise<any> {
  const { stdout } = await candle(['ps', '--json']);
  return JSON.parse(stdout).services.find(({ name }: { name: string }) => name === 'web');
}
