import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '@candle/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publish } from '../../registry/publish.ts';
import { refusePublicRegistry } from '../../registry/refuse-public-registry.ts';
import { type Registry, startRegistry } from '../../registry/start-registry.ts';
import { sandbox } from '../sandbox.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** A package with one file. */
function writePackage(directory: string, manifest: object): string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(directory, 'index.js'), 'export const answer = 42;\n');
  return directory;
}

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

test('what is published can be installed, and so can what is installed for this repository', async () => {
  const box = sandbox();
  await registry.publish(
    writePackage(join(box.root, 'one'), { name: '@candle/one', version: '1.2.3', type: 'module' }),
  );
  box.writeFile('package.json', '{}');
  const env = { ...box.env, ...registry.env };
  const names = ['@candle/one', 'better-sqlite3', '@oclif/core'];
  const installed = await runProgram('npm', ['install', ...names], { cwd: box.projectDir, env });
  expect(installed, installed.stderr + registry.log()).toMatchObject({ exitCode: 0 });
  const script =
    "import { answer } from '@candle/one'; import D from 'better-sqlite3'; new D(':memory:'); console.log(answer)";
  const run = await runProgram(process.execPath, ['--input-type=module', '-e', script], { cwd: box.projectDir, env });
  expect(run, run.stderr).toMatchObject({ stdout: '42\n' });
});

test('a package that nobody has published and nobody has installed is not there', async () => {
  const statuses = ['@candle/nothing', 'left-pad', '@candle%2fnothing'].map(async (name) => {
    return (await fetch(`${registry.url}/${name}`)).status;
  });
  expect(await Promise.all(statuses)).toEqual([404, 404, 404]);
});

test.for([
  'https://registry.example.com/',
  'http://registry.example.com',
  'http://localhost.example.com/',
  'http://127.0.0.1.example.com/',
  'http://localhost:4873@example.com/',
  'http://127.0.0.1@example.com/',
  'http://10.0.0.1:4873/',
  'http://0.0.0.0:4873/',
  'localhost:4873',
  '',
])('nothing is published to %j', async (url) => {
  const directory = writePackage(join(temporaryDirectory(), 'one'), { name: '@candle/one', version: '1.2.3' });
  await expect(publish(directory, { url, env: {} })).rejects.toThrow('is not on the loopback interface');
});

test('a package that names another registry itself is not published', async () => {
  const manifest = { name: 'x', version: '1.0.0', publishConfig: { registry: 'https://registry.example.com/' } };
  const directory = writePackage(join(temporaryDirectory(), 'one'), manifest);
  const destination = { url: 'http://127.0.0.1:9', env: {} };
  await expect(publish(directory, destination)).rejects.toThrow('is not on the loopback interface');
});

test.for(['http://127.0.0.1:4873/', 'http://localhost:4873', 'http://[::1]:4873/'])('%s is loopback', (url) => {
  expect(() => refusePublicRegistry(url)).not.toThrow();
});
