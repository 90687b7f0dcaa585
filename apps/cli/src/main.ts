import { join } from 'node:path';
import { toUsageError } from '@candle/cli-kit';
import { safeText } from '@candle/core/errors';
import { createHost } from './host/create-host.ts';
import { ignoreTerminalOfAgent, installExitHandlers } from './host/process-setup.ts';
import { findOwnLine, runOwnCommand } from './host/run-own-command.ts';
import { writeOutput } from './host/write-output.ts';
import { announceToPlugins } from './plugins/announce-to-plugins.ts';
import type { InstalledPlugin } from './plugins/installed-plugin.ts';

/** Runs one command line and sets the exit code. `packageRoot` has the layout of the published package. */
export async function runCli(argv: readonly string[], currentDirectory: string, packageRoot: string): Promise<void> {
  ignoreTerminalOfAgent(process);
  // Some MCP clients are configured to start the server with `candle --mcp`.
  const line = argv[0] === '--mcp' ? ['mcp', ...argv.slice(1)] : withCommand(withoutDebug(argv));
  const json = wordsBeforeDashes(line).includes('--json');
  let owner: InstalledPlugin | undefined;
  const host = createHost(currentDirectory, {
    packageRoot,
    plugin: () => owner,
    note: json ? undefined : (text) => writeOutput('stderr', safeText(`${text}\n`)),
    isForPeople: line[0] !== 'mcp',
    isReadOnly: line[0] === overviewId,
    announceTo: (stateDir) => announceToPlugins({ stateDir, dist: join(packageRoot, 'dist'), env: process.env }),
  });
  installExitHandlers();
  try {
    const own = findOwnLine(line, packageRoot, process.env);
    if (own !== undefined) return await runOwnCommand(own, packageRoot, host);
    // Imported here, because oclif's configuration and the loading of plugins take longer than most commands.
    const { runWithOclif } = await import('./plugins/run-with-oclif.ts');
    const onOwner = (plugin: InstalledPlugin) => {
      owner = plugin;
    };
    await runWithOclif(line, host, { packageRoot, json, onOwner });
  } catch (error) {
    process.exitCode = host.present.error(toUsageError(error, undefined), { json });
  } finally {
    await host.close();
  }
}

/** The command of a line that has none. */
const overviewId = 'overview';

/** `candle`, with or without the flags of that command. */
function withCommand(line: string[]): string[] {
  const [first] = line;
  return first === undefined || /^--(?:json|project)(?:=|$)/.test(first) ? [overviewId, ...line] : line;
}

/** The words before `--`, where flags may be. */
function wordsBeforeDashes(line: readonly string[]): readonly string[] {
  return line.includes('--') ? line.slice(0, line.indexOf('--')) : line;
}

/** Removes `--debug`, which works with every command: the code that prints errors reads it from `process.argv`. */
function withoutDebug(argv: readonly string[]): string[] {
  const dashes = argv.indexOf('--');
  return argv.filter((word, at) => word !== '--debug' || (dashes !== -1 && at > dashes));
}
