import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runProgram } from '@candle/test-kit';
import { refusePublicRegistry } from './refuse-public-registry.ts';

const repository = join(import.meta.dirname, '../..');
/** The npm that comes with the CLI, so that tests need none on PATH. */
const fromCli = createRequire(join(repository, 'apps/cli/package.json'));
const npmPackage = fromCli.resolve('npm/package.json');
const npm = join(dirname(npmPackage), 'bin/npm-cli.js');

export { npm as npmProgram };

export interface Destination {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Publishes a directory or a tarball with npm. */
export async function publish(target: string, { url, env }: Destination): Promise<void> {
  refusePublicRegistry(url);
  const manifest = manifestOf(target);
  for (const [key, value] of Object.entries(manifest.publishConfig ?? {})) {
    if (key.endsWith('registry')) refusePublicRegistry(String(value));
  }
  const work = mkdtempSync(join(tmpdir(), 'candle-publish-'));
  try {
    const packed = usesWorkspaceProtocol(manifest) ? await packWorkspacePackage(target, work) : target;
    // Flags override all settings files, also for the registry of a scope.
    const registry = [`--registry=${url}/`, `--${manifest.name.replace(/\/.*/, '')}:registry=${url}/`];
    const args = ['publish', packed, ...registry, '--access=public', '--no-provenance'];
    await runOrThrow(process.execPath, [npm, ...args], { ...process.env, ...env });
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Packs a package of this repository as it is published, with versions instead of `workspace:` and `catalog:`. */
export async function packWorkspacePackage(directory: string, into: string): Promise<string> {
  const pnpm = join(repository, 'node_modules/.bin/pnpm');
  await runOrThrow(pnpm, ['pack', '--pack-destination', into], process.env, directory);
  const tarball = readdirSync(into).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`pnpm created no tarball of ${directory}`);
  return join(into, tarball);
}

interface Manifest {
  readonly name: string;
  readonly publishConfig?: Readonly<Record<string, unknown>>;
}

function manifestOf(target: string): Manifest {
  const text = statSync(target).isDirectory()
    ? readFileSync(join(target, 'package.json'), 'utf8')
    : execFileSync('tar', ['-xzOf', target, 'package/package.json'], { encoding: 'utf8' });
  return JSON.parse(text);
}

/** npm does not understand the `workspace:` and `catalog:` protocols. */
function usesWorkspaceProtocol(manifest: Manifest): boolean {
  return /"(workspace|catalog):/.test(JSON.stringify(manifest));
}

async function runOrThrow(file: string, args: string[], env: NodeJS.ProcessEnv, cwd = tmpdir()): Promise<void> {
  const defined = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
  const { exitCode, stdout, stderr } = await runProgram(file, args, { cwd, env: defined });
  if (exitCode !== 0) throw new Error(`${file} ${args.join(' ')} exited with ${exitCode}\n${stdout}${stderr}`);
}
