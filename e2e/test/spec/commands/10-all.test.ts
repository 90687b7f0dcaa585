import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../../sandbox.ts';

const config = { services: [{ name: 'api', shell: 'exec sleep 1000' }] };

/** Creates a second project that uses the same state directory. */
function otherProject(box: Sandbox): string {
  return box.writeFile('other/.candle.json', JSON.stringify(config)).replace('/.candle.json', '');
}

/** Masks the parts that differ between two calls. */
const masked = (text: string) => text.replace(/\b\d+s\b/g, 'Ns').replaceAll(/ +/g, ' ');

test('for `list`, `ps` and `list-reserved-ports`, `X --all` and `X-all` both show every project in the state directory', async () => {
  const box = sandbox({ config });
  const other = otherProject(box);
  for (const cwd of [box.projectDir, other]) {
    await box.candle(['start', 'api'], { cwd });
    await box.candle(['reserve-port', 'api'], { cwd });
  }
  for (const command of ['list', 'ps', 'list-reserved-ports']) {
    for (const flags of [[], ['--json']]) {
      const [flag, form] = [
        await box.candle([command, '--all', ...flags]),
        await box.candle([`${command}-all`, ...flags]),
      ];
      expect({ command, flags, ...form, stdout: masked(form.stdout) }).toEqual({
        command,
        flags,
        ...flag,
        stdout: masked(flag.stdout),
      });
      expect(flag.stdout).toContain(other);
      expect(flag.stdout).toContain(box.projectDir);
    }
  }
  // Also in a directory without a project.
  expect((await box.candleJson(['list-all'], { cwd: '/' })).services).toHaveLength(2);
});

test.each(['kill --all', 'kill-all', 'stop-all'])(
  '`%s` lists the running services of every project in the state directory, and stops them',
  async (line) => {
    const box = sandbox({ config });
    const other = otherProject(box);
    for (const cwd of [box.projectDir, other]) await box.candle(['start', 'api'], { cwd });
    const { stdout, stderr, exitCode } = await box.candle(line.split(' '), { cwd: '/' });
    expect(exitCode).toBe(0);
    expect(stderr.trimEnd().split('\n').sort()).toEqual(
      [box.projectDir, other].map((dir) => `Stopping 'api' of ${dir}`).sort(),
    );
    expect(stdout.trimEnd().split('\n').sort()).toEqual(
      [box.projectDir, other].map((dir) => `[Stopped process 'api'] ${dir}`).sort(),
    );
    expect((await box.candleJson(['list-all'])).services.map(({ status }: { status: string }) => status)).toEqual(
      Array(2).fill('not running'),
    );
  },
);

test('--all together with --project or names is rejected, and nothing changes', async () => {
  const box = sandbox({ config });
  await box.candle(['start', 'api']);
  for (const line of [
    ['kill', '--all', 'api'],
    ['kill', '--all', ''],
    ['kill', '--all', '--project', '.'],
    ['kill-all', '--project', '.'],
    ['kill-all', 'api'],
    ['list', '--all', '--project', '.'],
    ['list-all', '--project', '.'],
    ['ps-all', '--project', ''],
    ['list-ports', '--all', 'api'],
    ['list-ports-all', '--project', '.'],
    ['list-reserved-ports', '--all', '--project', ''],
    ['list-reserved-ports-all', '--project', '.'],
  ]) {
    const { stdout, stderr, exitCode } = await box.candle(line);
    expect({ line, stdout, exitCode }).toEqual({ line, stdout: '', exitCode: 1 });
    expect(stderr).toMatch(
      /^Error: ((A service name|--project) cannot be combined with (--all|[a-z-]+-all)|Unexpected argument: 'api')\n/,
    );
  }
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'RUNNING' }]);
});
