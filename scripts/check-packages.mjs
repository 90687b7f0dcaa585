// Checks that every file names the oldest Node.js that the CLI's package.json allows. Then packs every public package as it
// would be published, and checks it with publint (do the files in package.json exist, with the right format) and attw (does
// TypeScript find the types).
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const directories = ['apps', 'packages', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => join(root, folder, name)),
);

checkNodeVersions();
for (const directory of directories) {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  if (manifest.private) continue;
  const work = mkdtempSync(join(tmpdir(), 'candle-pack-'));
  run('pnpm', ['--silent', 'pack', '--pack-destination', work], directory);
  const tarball = join(work, readdirSync(work)[0] ?? '');
  run('publint', [tarball, '--strict'], work);
  // Packages without an entry point, such as the CLI and plugins, have no types to check.
  if (Object.keys(manifest.exports ?? {}).some((entry) => entry !== './package.json')) {
    run('attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii', '--quiet'], work);
  }
  rmSync(work, { recursive: true });
}

/** npm reads the version from each package.json, people read it in a README, and run.js cannot load anything to look it up. */
function checkNodeVersions() {
  const { engines } = JSON.parse(readFileSync(join(root, 'apps/cli/package.json'), 'utf8'));
  const floor = engines.node.slice('>='.length);
  const files = globSync(
    ['README.md', '{apps,packages,examples}/*/{package.json,README.md}', 'packages/*/template/package.json'],
    { cwd: root },
  );
  for (const file of [...files, 'apps/cli/bin/run.js']) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [found, version] of text.matchAll(/(?:"node": ">=|Node\.js |needed = \[)(\d+(?:\.|, )\d+)/g)) {
      if (version.replace(', ', '.') === floor) continue;
      console.error(`${file} contains ${found}, but apps/cli/package.json requires Node.js ${floor}`);
      process.exitCode = 1;
    }
  }
}

/** Prints a tool's output only if it fails. */
function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return;
  console.error(`${command} ${args.join(' ')}\n${error ?? ''}${stdout}${stderr}`);
  process.exitCode = 1;
}
