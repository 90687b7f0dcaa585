// api/ contains the public API for plugins, so that reviews show every change to it. This script reports differences
// between api/ and the build; with --update it writes api/ again.

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
    console.error(
      `packages/cli-kit/api/${name}: the API for plugins has changed. If this is intended, run: pnpm run api`,
    );
    process.exitCode = 1;
  }
}
