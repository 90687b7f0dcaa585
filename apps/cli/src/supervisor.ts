import { runSupervisor } from '@candle/supervisor/daemon';

const [stateDir = '', version = '', watchdogPid = ''] = process.argv.slice(2);

/** Last words: stderr is supervisor.log. */
function report(error: unknown): void {
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${new Date().toISOString()} ${words}\n`);
}

process.title = 'candle-supervisor';
process.exitCode = await runSupervisor({ stateDir, version, watchdogPid: Number(watchdogPid), report }).catch(
  (error) => {
    report(error);
    return 1;
  },
);
// Timers and connections of work under way are not waited for: whatever it was, the next supervisor takes it up.
process.exit();
