// Writes into the public packages which repository they are published from; the registry compares that with what the
// workflow attests. It is not in the sources because a fork would then publish under another's name.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { GITHUB_REPOSITORY: repository, GITHUB_SERVER_URL: server = 'https://github.com' } = process.env;
const root = fileURLToPath(new URL('..', import.meta.url));

for (const folder of repository ? ['apps', 'packages', 'examples'] : []) {
  for (const name of readdirSync(join(root, folder))) {
    const path = join(root, folder, name, 'package.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8'));
    if (manifest.private) continue;
    const url = `git+${server}/${repository}.git`;
    const named = { ...manifest, repository: { type: 'git', url, directory: `${folder}/${name}` } };
    writeFileSync(path, `${JSON.stringify(named, null, 2)}\n`);
  }
}
