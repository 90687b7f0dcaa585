// Makes imports of workspace packages resolve to their sources in this process. A flag of Node.js (`--conditions`) would
// not reach the background programs, which are started with the path of a script only.
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { pathToFileURL } from 'node:url';

const condition = '@candle/source';

if (!process.features.typescript) {
  console.error(`Error: Node.js ${process.versions.node} cannot run TypeScript (${process.execPath})
Run this in the root of the repository: export PATH="$PWD/node_modules/.bin:$PATH"`);
  process.exit(1);
}

module.registerHooks({
  // Node.js 22.18 ignores conditions that a hook adds to the context.
  resolve: (specifier, context, nextResolve) => nextResolve(findSource(specifier, context) ?? specifier, context),
});

/** The URL of the source of a workspace package; undefined for other modules. */
function findSource(specifier, { parentURL }) {
  const [, entry] = /^@candle\/[^/]+(.*)/.exec(specifier) ?? [];
  const manifest = entry === undefined ? undefined : module.findPackageJSON(specifier, parentURL);
  if (manifest === undefined) return undefined;
  const source = JSON.parse(readFileSync(manifest, 'utf8')).exports?.[`.${entry}`]?.[condition];
  return source && new URL(source, pathToFileURL(manifest)).href;
}
