import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '@candle/test-kit';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const cliKit = fileURLToPath(new URL('../../../packages/cli-kit', import.meta.url));

/** Links a copy of a fixture with cli-kit in its node_modules, and returns the directory of the copy. */
export async function linkPlugin(box: Sandbox, name: string): Promise<string> {
  const directory = join(box.root, name);
  cpSync(join(fixtures, name), directory, { recursive: true });
  mkdirSync(join(directory, 'node_modules/@candle'), { recursive: true });
  symlinkSync(cliKit, join(directory, 'node_modules/@candle/cli-kit'));
  const { exitCode, stderr } = await box.candle(['plugins', 'link', directory, '--no-install']);
  if (exitCode !== 0) throw new Error(stderr);
  return directory;
}
