import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../../sandbox.ts';

const config = { services: [{ name: 'api', shell: 'exec sleep 1000' }] };

/** A second project of the same state directory. */
function otherProject(box: Sandbox): string {
  return box.writeFile('other/.candle.json', JSON.stringify(config)).replace('/.candle.json', '');
}

/** Without what passes between two calls. */
const steady = (text: string) => text.replace(/\b\d+s\b/g, 'Ns').replaceAll(/ +/g, ' ');

test('`X --all` and `X-all` are the same for `list`, `ps`, `list-reserved-ports`: every project of this state directory.', async () => {
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
      expect({ command, flags, ...form, stdout: steady(form.stdout) }).toEqual({
        command,
        flags,
        ...flag,
        stdout: steady(flag.stdout),
      });
      expect(flag.stdout).toContain(other);
      expect(flag.stdout).toContain(box.projectDir);
    }
  }
  // Wherever it is asked, and where no project is.
  expect((await box.candleJson(['list-all'], { cwd: '/' })).services).toHaveLength(2);
});

test.each(['kill --all', 'kill-all', 'stop-all'])(
  '`%s` says what it hits and stops every project of this state directory',
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

test('All projects and one project, or all and names, are refused together; nothing is done.', async () => {
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
      /^Error: (All projects are selected, so (names|--project) cannot be used|Unknown command 'kill-all api'; did you mean candle kill-all\?)\n/,
    );
  }
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'RUNNING' }]);
});
