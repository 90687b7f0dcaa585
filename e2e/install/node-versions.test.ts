import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { packWorkspacePackage } from '../registry/publish.ts';
import { type Registry, startRegistry } from '../registry/start-registry.ts';
import { sandbox } from '../test/sandbox.ts';
import { globalInstall } from './global-install.ts';
import { installedSize, renderSize } from './installed-size.ts';
import { doMainJob, program } from './main-job.ts';

const cli = join(import.meta.dirname, '../../apps/cli');
const maxBytes = 62_000_000;
const maxOwnBytes = 3_600_000;

/** Set by ../scripts/run-install-tests.mjs. */
const fetched = process.env.NODES ?? '';
const nodes = new Map([
  [process.versions.node, process.execPath],
  ...(fetched === '' ? [] : readdirSync(fetched)).map(
    (version) => [version, join(fetched, version, 'bin/node')] as const,
  ),
]);
const isOld = (version: string) => version.startsWith('20.');

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

/** Installs the tarball with the given Node first on PATH. */
async function installOn(node: string) {
  const box = sandbox();
  box.writeFile('server.mjs', program);
  const into = join(box.root, 'tarball');
  mkdirSync(into);
  const installed = globalInstall(box, registry.env, node);
  const { exitCode, stderr } = await installed.npm('install', await packWorkspacePackage(cli, into));
  return { ...installed, exitCode, stderr };
}

test.for([...nodes].filter(([version]) => !isOld(version)))(
  'the installed tarball works on Node %s',
  async ([version, node]) => {
    const installed = await installOn(node);
    expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
    expect((await installed.candle(['--version'])).stdout).toContain(` node-v${version}\n`);
    await doMainJob(installed);
  },
);

test.for([...nodes].filter(([version]) => isOld(version)))(
  'candle installed on Node %s reports which version it requires',
  async ([version, node]) => {
    const { candle, stderr } = await installOn(node);
    expect(stderr).toContain('EBADENGINE');
    expect(await candle(['reserve-port', 'api'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(
        new RegExp(
          `^Error: candle requires Node.js 22.18 or newer, but this is ${version} .*\\nnpx --yes node@24 .*/bin/candle\\n$`,
        ),
      ),
    });
  },
);

test(`an installation takes less than ${maxBytes / 1e6} MB, and its own files less than ${maxOwnBytes / 1e6} MB`, async () => {
  const installed = await installOn(process.execPath);
  expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
  const size = installedSize(join(installed.prefix, 'lib/node_modules/@candle/cli'));
  onTestFinished(() => console.log(`Installed with npm:\n${renderSize(size)}`));
  expect(size.totalBytes).toBeLessThan(maxBytes);
  expect(size.parts[0]?.bytes).toBeLessThan(maxOwnBytes);
});
