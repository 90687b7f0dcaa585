import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packWorkspacePackage } from '../registry/publish.ts';

const repository = join(import.meta.dirname, '../..');

/** Unpacks the CLI as it would be published, changes its version, and returns the directory. */
export async function cliOfVersion(version: string, into: string): Promise<string> {
  mkdirSync(into, { recursive: true });
  const root = mkdtempSync(join(into, `cli-${version}-`));
  const tarball = await packWorkspacePackage(join(repository, 'apps/cli'), root);
  execFileSync('tar', ['-xzf', tarball, '-C', root]);
  const directory = join(root, 'package');
  for (const file of ['package.json', 'oclif.manifest.json']) {
    const path = join(directory, file);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), version }));
  }
  return directory;
}
