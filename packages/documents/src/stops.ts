import * as v from 'valibot';
import { type Document, described, integer, port, serviceKey } from './fields.ts';

export const killedService = v.object({
  ...serviceKey,
  stopped: described(v.boolean(), 'False if it was not running.'),
  restartCancelled: described(v.boolean(), 'True if this call cancelled a pending restart by its restart policy.'),
  jobReset: described(v.boolean(), 'True if it is a job that was already done: it runs again at the next start.'),
  recorded: described(
    v.boolean(),
    'False if the state directory cannot be written to. Candle records the stop when it can, and restarts nothing until then.',
  ),
  recordingProblem: described(v.nullable(v.string()), 'Why it is not recorded yet; null if it is.'),
  forced: described(v.boolean(), 'True if it got SIGKILL: it did not exit in time, or SIGKILL is its stop signal.'),
  leftRunning: described(
    v.array(v.object({ pid: integer, command: v.string() })),
    'Processes that were left running: what it opened for the user, such as a browser, and daemons that other programs use too, with their workers.',
  ),
  stoppedPrograms: described(
    v.array(v.object({ pid: integer, command: v.string(), ports: v.array(port) })),
    'Detached programs that it had started and that listened on other ports, such as the server of an editor. They were stopped with it.',
  ),
  stopCommandProblem: described(
    v.nullable(v.string()),
    'Why its stopCommand failed; the service is stopped anyway. Null if it did not fail or there is none.',
  ),
});
export type KilledDocument = Document<typeof killedService>;

export const killedServices = v.object({ services: v.array(killedService) });

/** The result of `down`. */
export const stoppedServices = v.object({
  ...killedServices.entries,
  reservedPorts: described(
    v.array(v.object({ name: described(v.nullable(v.string()), 'Null for the project itself.'), port })),
    'Ports that stay reserved: those of these services or, if no names were given, all ports of the project. ReleasePorts, or candle release-ports, releases them.',
  ),
});
export type DownDocument = Document<typeof stoppedServices>;
