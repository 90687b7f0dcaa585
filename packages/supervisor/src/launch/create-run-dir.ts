import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunDir, type RunRecord, runsDir, unwrittenRecord, writeRunRecord } from '@candle/core';
import type { Launch } from './launch.ts';
import { commandScript, shimScript } from './shim-script.ts';

/** Only the owner may read a service's output, command and environment. */
const privateFile = { mode: 0o600, flag: 'wx' } as const;

/** Tells backup programs to skip the directory (Cache Directory Tagging Specification). */
const cacheDirTag = 'Signature: 8a477f597d28d172789f06886806bc55\n# Runs of Candle: logs and named pipes.\n';

/** Creates a run's directory and all its files except the spool, which is created when it is opened. */
export async function createRunDir(
  stateDir: string,
  dir: RunDir,
  { launch, record }: { launch: Launch; record: RunRecord },
): Promise<void> {
  await makePrivateDir(runsDir(stateDir), { recursive: true });
  await writeFile(join(runsDir(stateDir), 'CACHEDIR.TAG'), cacheDirTag, { mode: 0o600 });
  await makePrivateDir(dir.path, { recursive: false });
  await Promise.all([
    writeFile(dir.shim, shimScript, privateFile),
    writeFile(dir.command, commandScript(launch.shell), privateFile),
    writeFile(dir.launch, JSON.stringify(launch, null, 2), privateFile),
    writeRunRecord(dir, record),
    writeFile(dir.pid, unwrittenRecord, privateFile),
    writeFile(dir.exit, unwrittenRecord, privateFile),
  ]);
  // Imported lazily: loading execa takes longer than an entire read-only command.
  const { execa } = await import('execa');
  await execa('mkfifo', ['-m', '600', dir.exitPipe, dir.in]);
}

async function makePrivateDir(path: string, { recursive }: { recursive: boolean }): Promise<void> {
  await mkdir(path, { recursive, mode: 0o700 });
  // The umask may have removed permissions that the owner needs.
  await chmod(path, 0o700);
}
