// Fetches the binaries of other Nodes from the npm registry, and puts each at <directory>/<version>/bin/node.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Too old; the oldest that Candle promises to run on; the newest of each line that is kept up. */
export const versions = ['20.20.2', '22.18.0', '22.23.3', '24.21.0', '26.10.0'];

/** macOS has them under several names and not all; there candle is tried on the Node that runs the tests. */
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
