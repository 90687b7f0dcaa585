// Bundles cli-kit with the part of oclif that commands need, so that a plugin installs nothing else.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { leanOclif } from './lean-oclif.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

const bundle = await rolldown({
  cwd: root,
  platform: 'node',
  input: {
    index: join(root, 'src', 'index.ts'),
    testing: join(root, 'src', 'testing', 'index.ts'),
    manifest: join(root, 'src', 'author', 'manifest.ts'),
  },
  plugins: [leanOclif],
});
const output = { dir: dist, format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js' };
// Once without writing: a build that fails leaves the last good one in place.
await bundle.generate(output);
rmSync(join(dist, 'chunks'), { recursive: true, force: true });
await bundle.write(output);
await bundle.close();
