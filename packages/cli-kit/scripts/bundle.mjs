// Bundles cli-kit with the part of oclif that commands need, so that plugins do not install anything else.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { noteModules, thirdPartyLicenses } from '../../../scripts/third-party-licenses.mjs';
import { leanOclif } from './lean-oclif.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

const modules = new Set();
const bundle = await rolldown({
  cwd: root,
  platform: 'node',
  input: {
    index: join(root, 'src', 'index.ts'),
    testing: join(root, 'src', 'testing.ts'),
    manifest: join(root, 'src', 'author', 'manifest.ts'),
  },
  // Keeps the API version in one place in the output.
  optimization: { inlineConst: false },
  plugins: [leanOclif, noteModules(modules)],
});
const output = {
  dir: dist,
  format: 'esm',
  chunkFileNames: 'chunks/[name]-[hash].js',
  comments: { legal: true, annotation: false, jsdoc: false },
};
// Generate once without writing, so that a failed build keeps the last good output.
await bundle.generate(output);
rmSync(join(dist, 'chunks'), { recursive: true, force: true });
await bundle.write(output);
await bundle.close();
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses(modules));
