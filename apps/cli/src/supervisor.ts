import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runSupervisor } from '@candle/supervisor/daemon';
import { announceToPlugins } from './plugins/announce-to-plugins.ts';

const [stateDir = '', version = '', watchdogPid = ''] = process.argv.slice(2);

/** Last words: stderr is supervisor.log. */
function report(error: unknown): void {
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${new Date().toISOString()} ${words}\n`);
}

// What it does and sees by itself, plugins are told as if a command had done it.
const announce = announceToPlugins({ stateDir, dist: dirname(fileURLToPath(import.meta.url)), env: process.env });

process.title = 'candle-supervisor';
process.exitCode = await runSupervisor({ stateDir, version, watchdogPid: Number(watchdogPid), report, announce }).catch(
  (error) => {
    report(error);
    return 1;
  },
);
// Timers and connections of work under way are not waited for: whatever it was, the next supervisor takes it up.
process.exit();
