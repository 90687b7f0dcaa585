import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packDirectory } from './pack-directory.ts';

const repository = join(import.meta.dirname, '../..');
const virtualStore = join(repository, 'node_modules/.pnpm');
/** A version of a package never changes, so its tarball can be cached forever. */
const cache = join(repository, 'e2e/node_modules/.cache/tarballs');

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly directory: string;
}

/** Lists every package that pnpm has installed for this repository, by name. */
export function listInstalledPackages(): Map<string, InstalledPackage[]> {
  const found = new Map<string, InstalledPackage[]>();
  for (const entry of readdirSync(virtualStore)) {
    for (const [name, directory] of packagesIn(join(virtualStore, entry, 'node_modules'))) {
      const { version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
      const versions = found.get(name) ?? [];
      if (!versions.some((known) => known.version === version)) versions.push({ name, version, directory });
      found.set(name, versions);
    }
  }
  return found;
}

/** Skips symbolic links: a linked package is a real directory in another entry. */
function packagesIn(folder: string, scope = ''): [name: string, directory: string][] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((item): [string, string][] => {
    const directory = join(folder, item.name);
    if (!item.isDirectory() || item.name.startsWith('.')) return [];
    if (scope === '' && item.name.startsWith('@')) return packagesIn(directory, `${item.name}/`);
    return existsSync(join(directory, 'package.json')) ? [[scope + item.name, directory]] : [];
  });
}

/** Returns a registry's document for a package: its versions, with tarballs below `url`. */
export async function packumentOf(versions: readonly InstalledPackage[], url: string): Promise<unknown> {
  const manifests = await Promise.all(
    versions.map(async (installed) => {
      const { name, version, directory } = installed;
      const tarball = readFileSync(await tarballOf(installed));
      const dist = {
        tarball: `${url}/${name}/-/${tarballName(installed)}`,
        integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
        shasum: createHash('sha1').update(tarball).digest('hex'),
      };
      const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
      return [version, { ...manifest, _id: `${name}@${version}`, dist }] as const;
    }),
  );
  const newest = versions
    .map(({ version }) => version)
    .sort(byNumber)
    .at(-1);
  return { name: versions[0]?.name, 'dist-tags': { latest: newest }, versions: Object.fromEntries(manifests) };
}

export function tarballName({ name, version }: InstalledPackage): string {
  return `${name.replace(/^.*\//, '')}-${version}.tgz`;
}

/** Returns the path of the package's tarball, which is packed on first use. */
export async function tarballOf(installed: InstalledPackage): Promise<string> {
  const path = join(cache, `${installed.name.replace('/', '+')}-${installed.version}.tgz`);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'candle-tarball-'));
  // Copied because pnpm hard-links identical files, tar keeps hard links, and npm does not extract them.
  cpSync(installed.directory, join(work, 'package'), { recursive: true, dereference: true, filter: belongsToPackage });
  const unfinished = `${path}.${randomUUID()}`;
  await packDirectory(work, unfinished);
  renameSync(unfinished, path);
  rmSync(work, { recursive: true });
  return path;
}

/** Excludes the `.bin` directory that pnpm adds to a package. */
function belongsToPackage(path: string): boolean {
  return !path.endsWith('/node_modules/.bin');
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
