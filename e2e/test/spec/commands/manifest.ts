import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface ManifestCommand {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly output?: string;
  readonly args: Readonly<Record<string, { readonly required?: boolean; readonly multiple?: boolean }>>;
  readonly flags: Readonly<Record<string, { readonly type: string; readonly hidden?: boolean }>>;
  readonly relativePath: readonly string[];
}

const cliRoot = new URL('../../../../apps/cli/', import.meta.url);

/** Every command of Candle itself, from the manifest that oclif reads. */
export const commands: readonly ManifestCommand[] = Object.values(
  JSON.parse(readFileSync(new URL('oclif.manifest.json', cliRoot), 'utf8')).commands,
);

/** The built file of a command. */
export function fileOf({ relativePath }: ManifestCommand): string {
  return fileURLToPath(new URL(relativePath.join('/'), cliRoot));
}
