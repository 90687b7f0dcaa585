import * as v from 'valibot';
import { type Document, described, describedError, integer, isoTime, port, serviceKey } from './fields.ts';
import { portOwner } from './ports.ts';

const shell = 'Its command line.';
const shownPid =
  'Its main process: the first one that is neither a shell nor a package manager that runs a script. The shell in which Candle runs its command if there is no such process, as in a pipeline. Null if it is not running.';
const root = 'Absolute path of the directory that it runs in.';

/** Whether a service listens on its reserved port, or on ports that are not reserved. */
export const portCheck = v.object({
  status: described(
    v.picklist(['ok', 'wrong-port', 'not-listening', 'conflict', 'unreserved']),
    'ok: it listens on its reserved port. wrong-port: it listens only on other ports. not-listening: it does not listen on any port yet. conflict: another process listens on the reserved port. unreserved: it listens although no port is reserved for it, so a second checkout would use the same port.',
  ),
  listensOn: described(
    v.array(integer),
    'The reserved port if the service listens on it, otherwise the ports that it listens on.',
  ),
  owner: described(v.nullable(portOwner), 'The other process that listens on the reserved port.'),
  fix: described(v.nullable(v.string()), 'How to fix it: a sentence with a command to type. Null if nothing is wrong.'),
});
export type PortCheckDocument = Document<typeof portCheck>;

const browserUrl = described(
  v.nullable(v.string()),
  'The same page under a separate host name (web.fix-login.shop.localhost), so that browsers keep its cookies apart from those of other checkouts. Null unless the host of url is localhost.',
);

export const service = v.object({
  ...serviceKey,
  status: described(
    v.string(),
    'For display: RUNNING, STARTING, STOPPING, EXITED (code), FAILED (code), LOST, DONE (a job that need not run again), or not running (never started, or stopped). Programs should use running, ready and exitCode.',
  ),
  running: v.boolean(),
  ready: described(
    v.nullable(v.boolean()),
    'True if its readiness check has passed (by default: something listens on its port); null if it is not running.',
  ),
  notReadySince: described(
    v.nullable(isoTime),
    'When its readiness check began to fail, if it was ready before; null if it is ready, has never been ready, or is checked by its port.',
  ),
  notReadyReason: described(v.nullable(v.string()), 'What its readiness check is missing since then.'),
  pid: described(v.nullable(integer), shownPid),
  port: described(
    v.nullable(port),
    'If it is running, the reserved port that it got as PORT; otherwise the port that is reserved for it.',
  ),
  portCheck: described(
    v.nullable(portCheck),
    'Whether it listens on its reserved port. Null if it neither has a reserved port nor listens on a port, or if it is not running and nothing listens on its port; if another program does, the status is conflict.',
  ),
  url: described(
    v.nullable(v.string()),
    'If it is running, the URL at which it is reached: on its reserved port, unless it listens only on others. Otherwise the URL that it would have. Null if it has none.',
  ),
  browserUrl,
  runId: described(v.nullable(v.string()), 'ID of its newest run; null if it has never run.'),
  startedAt: v.nullable(isoTime),
  endedAt: v.nullable(isoTime),
  exitCode: described(v.nullable(integer), 'Null if it has not ended, or was ended by a signal.'),
  exitSignal: described(v.nullable(v.string()), 'Such as SIGTERM; null if it was not ended by a signal.'),
  explanation: described(
    v.nullable(v.string()),
    'If it ended by itself: what explains its exit code or signal, and what to do. Null if nothing is known.',
  ),
  undoneReason: described(
    v.nullable(v.string()),
    'Why a job that has succeeded is not done any more, so that the next start runs it again. Null for anything else.',
  ),
  pipeReason: described(
    v.nullable(v.string()),
    'Why it prints to a pipe, although "output" is "auto", and what to change. Null if it does not.',
  ),
  shell: described(v.nullable(v.string()), shell),
  root: described(v.nullable(v.string()), root),
  transient: described(v.boolean(), 'True if it was started with its own command and is not configured.'),
  configChanged: described(
    v.boolean(),
    'True if it is running, and the configuration has changed since it was started, or does not contain it any more.',
  ),
  restarts: described(integer, 'Number of consecutive restarts by its restart policy.'),
  nextRestartAt: described(v.nullable(isoTime), 'When its restart policy will start it again.'),
  crashLoopedAt: described(v.nullable(isoTime), 'When its restart policy gave up because the service kept exiting.'),
  refusal: described(v.nullable(v.string()), 'Why its restart policy did not start it again.'),
});
export type ServiceDocument = Document<typeof service>;

const configWarnings = described(
  v.array(
    v.object({
      file: described(v.string(), 'Absolute path.'),
      line: v.nullable(integer),
      field: described(v.string(), 'The field, such as services.api.prot, or the variable.'),
      problem: described(v.string(), 'The rest of the sentence that begins with the field.'),
    }),
  ),
  'What is valid, but probably not what was meant, in .candle.json and the files of envFile.',
);

export const services = v.object({ services: v.array(service), configWarnings });
export type ServicesDocument = Document<typeof services>;

/** A service that did not get its preferred port. */
const fallbackPort = v.object({
  name: v.string(),
  preferred: port,
  port: described(port, 'Its current port.'),
  reason: described(
    v.picklist(['reserved', 'in-use', 'excluded', 'kept']),
    'kept: the service already had this reservation; release it first to get another port.',
  ),
  reservedBy: described(
    v.nullable(v.object({ serviceName: v.nullable(v.string()), projectDir: v.string() })),
    'Who reserved the preferred port; null if it is not reserved.',
  ),
});

/** Changes to the ports of the project that were made before anything was started. */
export const portChanges = v.object({
  fallbacks: described(v.array(fallbackPort), 'Services that did not get their preferred port.'),
  moved: described(
    v.array(v.object({ name: v.string(), from: port, to: port })),
    'Services that got another port because that was requested.',
  ),
  outdated: described(
    v.array(
      v.object({
        name: v.string(),
        runId: v.string(),
        ports: described(v.array(port), 'Former ports in its environment.'),
        variables: described(v.array(v.string()), 'Variables that have another value since it was started.'),
      }),
    ),
    'Running services whose environment still contains a former port or URL of another service: restart them.',
  ),
});
export type PortChangesDocument = Document<typeof portChanges>;

const stopTarget = described(
  v.nullable(v.picklist(['tree', 'main'])),
  'What a stop signals first. tree: all of its processes, also if main is configured and it has no single main process. main: its main process. Null if it is not running.',
);

export const startedService = v.object({
  ...serviceKey,
  outcome: described(
    v.picklist(['running', 'finished', 'kept']),
    'finished: its command exited with code 0. kept: it was already running, or is a job that was already done.',
  ),
  status: described(v.string(), 'For display: RUNNING, EXITED (0) if it has finished, or DONE for a job that has.'),
  pid: described(v.nullable(integer), shownPid),
  port: described(v.nullable(port), 'Its reserved port, passed to it as PORT.'),
  url: described(
    v.nullable(v.string()),
    'The URL at which it is reached: on its reserved port, unless it listens only on others. Null if it has none or has finished.',
  ),
  runId: v.string(),
  startedAt: isoTime,
  shell: described(v.string(), shell),
  root: described(v.string(), root),
  ready: described(v.nullable(v.boolean()), 'Null if it has finished.'),
  portAccepts: described(
    v.nullable(v.boolean()),
    'False while its reserved port does not accept connections yet; null if it has no reserved port.',
  ),
  portCheck: described(
    v.nullable(portCheck),
    'Whether it listens on its reserved port. Null if it has finished, or neither has a reserved port nor listens on a port.',
  ),
  stopTarget,
  cursor: described(
    v.string(),
    'Pass it as startAt to GetLogs, or as --start-at to candle logs, to read the output of this run from the beginning or, if the service was kept, its output from now on.',
  ),
});
export type StartedDocument = Document<typeof startedService>;

/** The commands of a service, as configured. */
const serviceCommands = v.object({
  name: v.string(),
  shell: described(v.string(), shell),
  stopCommand: described(v.nullable(v.string()), 'The command that runs before the service is stopped.'),
  readyCommand: described(v.nullable(v.string()), 'The command that checks whether the service is ready.'),
});

const newCommands = described(
  v.array(serviceCommands),
  'Services whose commands were never started on this machine before, in any project.',
);

/** The result of a start of any kind. */
export const startedServices = v.object({
  ...portChanges.entries,
  newCommands,
  configWarnings,
  services: v.array(startedService),
});
export type StartDocument = Document<typeof startedServices>;

/** A service that `up` is responsible for. */
export const upService = v.object({
  ...serviceKey,
  state: described(
    v.picklist(['started', 'restarted', 'kept', 'finished', 'failed']),
    'restarted: its definition had changed. kept: it was already running, or is a job that was already done. finished: its command exited with code 0. failed: see error.',
  ),
  changed: described(
    v.array(v.string()),
    'If it was restarted: the settings that had changed, by their names in .candle.json; port is its reserved port. Empty if an earlier Candle had started it.',
  ),
  ready: described(v.nullable(v.boolean()), 'Null if it has finished.'),
  pid: described(v.nullable(integer), shownPid),
  port: described(v.nullable(port), 'Its reserved port, passed to it as PORT.'),
  url: described(v.nullable(v.string()), 'The URL at which it is reached; null if it has none or is not running.'),
  runId: v.nullable(v.string()),
  portCheck: described(
    v.nullable(portCheck),
    'Whether it listens on its reserved port; null if it has none or is not running.',
  ),
  stopTarget,
  cursor: described(
    v.nullable(v.string()),
    'Pass it as startAt to GetLogs, or as --start-at to candle logs, to read its output from here on. Null if it has failed.',
  ),
  error: described(v.nullable(describedError), 'Why it failed, with its last lines of output and what to do next.'),
});
export type UpServiceDocument = Document<typeof upService>;

/** The result of `up`. */
export const upServices = v.object({
  ...portChanges.entries,
  newCommands,
  configWarnings,
  ready: described(v.boolean(), 'True if every service is ready or has finished.'),
  services: v.array(upService),
  orphans: described(
    v.array(v.object({ name: v.string(), pid: v.nullable(integer), stopped: v.boolean() })),
    'Services that are no longer configured and were running: they were stopped only if that was requested.',
  ),
  silentPorts: described(
    v.array(v.object({ name: v.string(), port })),
    'Entries of ports in .candle.json on whose port nothing listens: Candle does not start these programs.',
  ),
  configOutdated: described(
    v.boolean(),
    'True if .candle.json has changed since it was read: repeat the call to apply the changes.',
  ),
  fixedAddresses: described(
    v.array(v.object({ file: v.string(), line: v.nullable(integer), text: v.string() })),
    'Addresses in files of the project that no longer lead to a service, and what to write instead.',
  ),
});
export type UpDocument = Document<typeof upServices>;

export const readyService = v.object({
  ...serviceKey,
  ready: v.literal(true),
  runId: v.string(),
  pid: v.nullable(integer),
  port: v.nullable(port),
});
export type ReadyDocument = Document<typeof readyService>;

export const sentInput = v.object({ ...serviceKey, runId: v.string(), sentBytes: integer });
export type SentDocument = Document<typeof sentInput>;

export const urls = v.object({
  urls: described(
    v.array(v.object({ ...serviceKey, url: v.string(), browserUrl })),
    'Services, and other names with a reserved port, that have a URL.',
  ),
});
export type UrlsDocument = Document<typeof urls>;

export const openedBrowser = v.object({
  url: v.string(),
  opened: described(v.boolean(), 'False if there is no display or no browser.'),
});
