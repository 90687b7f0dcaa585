// Bundles contain third-party code, whose licences must be included.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A rolldown plugin that collects the file paths of all modules in the bundle. */
export function noteModules(into) {
  return {
    name: 'note-modules',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        for (const [id, { renderedLength }] of Object.entries(chunk.modules ?? {}))
          if (renderedLength > 0) into.add(id);
      }
    },
  };
}

/**
 * The licences of all packages that the modules belong to. Packages with exactly the same licence text share one entry.
 */
export function thirdPartyLicenses(modules) {
  const directories = new Set(
    [...modules].flatMap((id) => packageDirectory(id.replace(/^\0/, '').replace(/\?.*$/, ''))),
  );
  const packagesByText = new Map();
  for (const directory of directories) {
    const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? `Licence: ${license}` : readFileSync(join(directory, file), 'utf8').trim();
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), `${name} ${version}`].sort());
  }
  const parts = [...packagesByText].map(([text, packages]) => ({ title: packages.join('\n'), text }));
  parts.sort((a, b) => (a.title < b.title ? -1 : 1));
  return parts.map(({ title, text }) => `${title}\n\n${text}\n`).join(`\n${'-'.repeat(80)}\n\n`);
}

/** Directory of the package of a module. Empty for Candle's own modules and for modules added by the bundler. */
function packageDirectory(id) {
  const inPackage = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];
  return inPackage !== undefined && existsSync(join(inPackage, 'package.json')) ? [inPackage] : [];
}
