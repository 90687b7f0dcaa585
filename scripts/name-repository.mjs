// Adds the repository to the package.json of each public package. The registry compares it with the repository that the
// workflow attests. It is not in the sources, because forks would then publish with the wrong repository.
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
