import { chmodSync } from 'node:fs';
import { expect, test } from 'vitest';
import { whyNoOtherUser, withoutRights } from '../bad-input/as-user.ts';
import { sandbox } from '../sandbox.ts';
import { writeServer } from './projects.ts';

test('a project without services: the error lists the files that were looked for', async () => {
  const box = sandbox();
  const { stdout, stderr, exitCode } = await box.candle(['init', '--yes']);
  expect([stdout, exitCode]).toEqual(['', 1]);
  expect(stderr).toMatch(
    /^Error: No services were found in .*\nCandle looked for package\.json, .*Procfile\.dev.*compose\.yaml.*\n.*candle add-service/,
  );
});

test.each([
  ['package.json', '{ "scripts": \n{ "dev": }', 2],
  ['compose.yaml', 'services:\n  db: [\n', 3],
  ['Procfile', 'this is not a process\n', 1],
  ['process-compose.yaml', 'processes:\n\t- x\n', 2],
])('a broken %s is reported with its line, and the rest continues', async (file, text, line) => {
  const box = sandbox();
  box.writeFile(file, text);
  writeServer(box, 'web');
  const offer = await box.candleJson(['init']);
  expect(offer).toMatchObject({ services: [{ name: 'web' }] });
  expect(offer.problems).toEqual([{ file, line, text: expect.any(String) }]);
});

test('a project whose only file is broken: the error says to fix it', async () => {
  const box = sandbox();
  box.writeFile('package.json', '{ "scripts": ');
  const { stderr, exitCode } = await box.candle(['up', '--yes']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^Error: No services were found in .*\n {2}package\.json:1: .*\nFix package\.json, then run the command again$/m,
  );
});

test('an empty configuration counts as none', async () => {
  const box = sandbox({ config: { services: {} } });
  expect(await box.candle(['init', '--yes'])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('candle add-service'),
  });
});

test('a workspace pattern that matches thousands of packages does not take long', async () => {
  const box = sandbox();
  box.writeFile('package.json', JSON.stringify({ workspaces: ['packages/*'] }));
  for (let at = 0; at < 1_000; at += 1) box.writeFile(`packages/p${at}/package.json`, '{}');
  writeServer(box, 'web');
  const offer = await box.candleJson(['init']);
  expect(offer).toMatchObject({ services: [{ name: 'web' }] });
  expect(offer.advice).toEqual([
    expect.objectContaining({ file: 'package.json', text: expect.stringContaining('match more than') }),
  ]);
});

test('a script that runs candle is not a service', async () => {
  const box = sandbox();
  box.writeFile('package.json', JSON.stringify({ scripts: { dev: 'candle up' } }));
  const { stderr, exitCode } = await box.candle(['up', '--yes']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^Error: No services were found in .*\n {2}package\.json:\d+: "dev" runs Candle itself/);
});

test('a project directory that cannot be written to', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = sandbox();
  writeServer(box, 'web');
  const run = withoutRights(box, { cwd: box.projectDir });
  chmodSync(box.projectDir, 0o555);
  const { stderr, exitCode } = await run(['init', '--yes']);
  chmodSync(box.projectDir, 0o755);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/\.candle\.json cannot be written to: permission denied\nMake .* writable/);
});

test('a broken configuration is reported instead of changed', async () => {
  const box = sandbox({ config: '{ "services": [' });
  writeServer(box, 'web');
  const { stderr, exitCode } = await box.candle(['init', '--yes']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^Error: .*\.candle\.json is not valid/);
});
