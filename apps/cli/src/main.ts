import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toUsageError, withHost } from '@candle/cli-kit';
import { run } from '@oclif/core';
import { createHost } from './host/create-host.ts';
import { leaveWell } from './host/leave-well.ts';
import { announceToPlugins } from './plugins/announce-to-plugins.ts';

const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs one command line and sets the exit code. */
export async function runCli(argv: readonly string[], currentDirectory: string): Promise<void> {
  // `candle --mcp` is how some clients are told to start a server.
  const line = argv[0] === '--mcp' ? ['mcp', ...argv.slice(1)] : withoutDebug(argv);
  const json = line.includes('--json');
  const host = createHost(currentDirectory, {
    packageRoot,
    note: json ? undefined : (text) => void process.stderr.write(`${text}\n`),
    isForPeople: line[0] !== 'mcp',
    announceTo: (stateDir) => announceToPlugins({ stateDir, dist: join(packageRoot, 'dist'), env: process.env }),
  });
  leaveWell();
  try {
    await run(line, withHost({ root: packageRoot }, host));
  } catch (error) {
    process.exitCode = host.presentError(toUsageError(error, undefined), { json });
  } finally {
    host.close();
  }
}

/** `--debug` is for every command: the presenter of errors looks for it. */
function withoutDebug(argv: readonly string[]): string[] {
  const dashes = argv.indexOf('--');
  return argv.filter((word, at) => word !== '--debug' || (dashes !== -1 && at > dashes));
}
