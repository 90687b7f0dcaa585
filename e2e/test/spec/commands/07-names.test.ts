import { runProgram } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { bin, sandbox } from '../../sandbox.ts';

const config = { services: [] };

test('a service name has 1 to 100 printable characters', async () => {
  const box = sandbox({ config });
  const good = [
    'a',
    'a'.repeat(100),
    '🙂'.repeat(100),
    '👩‍👩‍👧',
    'données',
    '日本語 の 名前',
    'a/b',
    '@scope/api',
    "it's",
    '$(id)',
    '%s',
  ];
  for (const name of good) {
    expect({ name, ...(await box.candle(['reserve-port', name])) }).toMatchObject({
      stdout: expect.stringMatching(/^Reserved port \d+ for service '/),
      stderr: '',
      exitCode: 0,
    });
    expect((await box.candle(['get-reserved-port', name])).stdout).toMatch(/^\d+\n$/);
  }
  const { ports } = await box.candleJson(['list-reserved-ports']);
  expect(ports.map(({ serviceName }: { serviceName: string }) => serviceName)).toEqual(good.toReversed());
});

test('a name with 101 characters, control characters or a leading `-` is rejected', async () => {
  const box = sandbox({ config });
  const bad: [string, string][] = [
    ['a'.repeat(101), `Service name '${'a'.repeat(60)}…' must be at most 100 characters long`],
    ['🙂'.repeat(101), `Service name '${'🙂'.repeat(60)}…' must be at most 100 characters long`],
    ['a'.repeat(10_000), `Service name '${'a'.repeat(60)}…' must be at most 100 characters long`],
    ['a\nb', "Service name 'a\\u000ab' must not contain control characters"],
    ['\u001b[31mred', "Service name '\\u001b[31mred' must not contain control characters"],
    ['a\u0085b', "Service name 'a\\u0085b' must not contain control characters"],
    ['-', "Service name '-' must not begin with '-'"],
    ['-1', "Service name '-1' must not begin with '-'"],
    [' ', "Service name ' ' must not begin or end with white space"],
    ['../api', "Service name '../api' must not contain '.' or '..' as a path segment"],
  ];
  for (const [name, sentence] of bad) {
    const { stdout, stderr, exitCode } = await box.candle(['reserve-port', '--', name]);
    expect({ stdout, exitCode, first: stderr.split('\n', 1) }).toEqual({
      stdout: '',
      exitCode: 1,
      first: [`Error: ${sentence}`],
    });
  }
  // Invalid UTF-8: Node decodes many different byte sequences to the same name.
  const script = '"$0" "$1" reserve-port "$(printf "a\\377")"';
  const options = { cwd: box.projectDir, env: box.env };
  const { stderr } = await runProgram('sh', ['-c', script, process.execPath, bin], options);
  expect(stderr).toMatch(/^Error: Service name 'a.*' must be valid Unicode text\n/);
  expect((await box.candleJson(['list-reserved-ports'])).ports).toEqual([]);
});

test('a service can have a reservation without an entry in `.candle.json`', async () => {
  const box = sandbox({ config });
  expect(await box.candle(['reserve-port', 'nowhere-configured'])).toMatchObject({ stderr: '', exitCode: 0 });
  expect((await box.candleJson(['list'])).services).toEqual([]);
});
