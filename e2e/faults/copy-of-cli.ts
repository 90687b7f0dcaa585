import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProgramResult, runProgram, type Sandbox } from '@candle/test-kit';

const installed = join(import.meta.dirname, '../../apps/cli');

export interface CopyOfCli {
  /** Path of its `bin` script. */
  readonly bin: string;
  candle(args: readonly string[]): Promise<ProgramResult>;
  /** Deletes the installation, as an upgrade or an uninstall does. */
  remove(): void;
}

/** Installs a second copy of the built CLI, optionally with a different version or a different supervisor script. */
export function copyOfCli(box: Sandbox, { version, supervisor }: { version?: string; supervisor?: string }): CopyOfCli {
  const root = join(box.root, `cli-${version ?? 'same'}`);
  mkdirSync(root);
  for (const part of ['bin', 'dist']) cpSync(join(installed, part), join(root, part), { recursive: true });
  symlinkSync(join(installed, 'node_modules'), join(root, 'node_modules'));
  for (const file of ['package.json', 'oclif.manifest.json']) {
    const content = JSON.parse(readFileSync(join(installed, file), 'utf8'));
    writeFileSync(join(root, file), JSON.stringify(version === undefined ? content : { ...content, version }));
  }
  if (supervisor !== undefined) writeFileSync(join(root, 'dist/supervisor.js'), supervisor);
  const bin = join(root, 'bin/run.js');
  return {
    bin,
    candle: (args) => runProgram(process.execPath, [bin, ...args], { cwd: box.projectDir, env: box.env }),
    remove: () => rmSync(root, { recursive: true }),
  };
}
