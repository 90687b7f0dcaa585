// Downloads the binaries of other Node versions from the npm registry to <directory>/<version>/bin/node.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A version that is too old, the oldest supported version, and the newest version of each maintained release line. */
export const versions = ['20.20.2', '22.18.0', '22.23.3', '24.21.0', '26.10.0'];

/** For macOS, the registry has only some versions, under different names. There the tests use only their own Node. */
export const canFetchNodes = process.platform === 'linux';

export function fetchNodes(directory) {
  for (const version of versions) {
    const into = join(directory, version);
    mkdirSync(into, { recursive: true });
    const spec = `node-linux-${process.arch}@${version}`;
    const tarball = execFileSync('npm', ['pack', '--silent', '--pack-destination', into, spec], { encoding: 'utf8' });
    const path = join(into, tarball.trim());
    execFileSync('tar', ['-xzf', path, '-C', into, '--strip-components=1', 'package/bin/node']);
    rmSync(path);
  }
}
