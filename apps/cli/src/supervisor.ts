import { dirname } from 'node:path';
import { runSupervisor, supervisorLog } from '@candle/supervisor/daemon';
import { refuseDebugger } from './host/server-process.ts';
import { announceToPlugins } from './plugins/announce-to-plugins.ts';

const [, script = '', stateDir = '', version = '', watchdogPid = ''] = process.argv;

/** stderr of this process is supervisor.log. */
const report = supervisorLog(2, () => new Date());

// Plugins get events for the actions of the supervisor too, as for those of commands.
const announce = announceToPlugins({ stateDir, dist: dirname(script), env: process.env });

refuseDebugger();
process.title = 'candle-supervisor';
process.exitCode = await runSupervisor({ stateDir, version, watchdogPid: Number(watchdogPid), report, announce }).catch(
  (error) => {
    report(error);
    return 1;
  },
);
// Does not wait for open timers and connections: the next supervisor continues unfinished work.
process.exit();
