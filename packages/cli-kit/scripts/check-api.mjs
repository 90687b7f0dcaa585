// What plugins are promised stands in api/, so that a change of it shows in reviews. Tells when it is not what was built;
// with --update it is written anew.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [built, kept] = [join(root, 'dist', 'types', 'api'), join(root, 'api')];
mkdirSync(kept, { recursive: true });

for (const name of readdirSync(built).filter((file) => file.endsWith('.md'))) {
  const text = readFileSync(join(built, name), 'utf8');
  if (process.argv.includes('--update')) writeFileSync(join(kept, name), text);
  else if (!readdirSync(kept).includes(name) || readFileSync(join(kept, name), 'utf8') !== text) {
    console.error(`packages/cli-kit/api/${name}: the API for plugins has changed; if that is meant: pnpm run api`);
    process.exitCode = 1;
  }
}
