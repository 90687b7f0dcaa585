import type { CandleError, Run } from '@candle/core';
import { NoServiceListensError, ServiceNotListeningError, SeveralServicesListenError } from './browser/errors.ts';
import { DependencyFailedError } from './dependencies/errors.ts';
import { SeveralServicesFailedError } from './dependencies/outcomes.ts';
import { EraseNotConfirmedError, EraseWhileRunningError } from './erase/errors.ts';
import { CommandNotExecutableError, CommandNotFoundError, ExecRefusedError } from './exec/errors.ts';
import { InputNotEnabledError, InputNotReadError, InputNotRunningError } from './input/errors.ts';
import { RunNotSpawnedError, ServiceStartFailedError } from './launch/errors.ts';
import type { ObservedRun } from './observe/observe-run.ts';
import { PortInUseError, PortNotOwnedError, PortStillInUseError } from './ports/errors.ts';
import type { PortOwner, PortReport } from './ports/port-report.ts';
import { ServiceEndedUnreadyError, ServiceNotReadyError, ServiceNotRunningError } from './readiness/errors.ts';
import { ServiceLockedError, StartOvertakenByKillError } from './service-lock/errors.ts';
import { ServiceInOtherContainerError, ServiceSurvivedError, StopCommandFailedError } from './stop/errors.ts';
import type { ProcessInfo } from './system/process-table.ts';

const service = { name: 'api', projectDir: '/home/ada/shop' };
const run = { id: 'mb2k', serviceName: 'api', projectDir: '/home/ada/shop', port: 4000 } as Run;
const root = { pid: 4711, command: 'postgres' } as ProcessInfo;
const owner: PortOwner = {
  port: 4000,
  addresses: ['0.0.0.0'],
  pid: 815,
  command: 'python3',
  commandLine: 'python3 -m http.server 4000',
  cwd: '/home/ada/site',
  isCwdGone: false,
  startedAtMs: null,
  uid: 1000,
  user: 'ada',
  isWorker: false,
  service: null,
};
const kill = { command: 'kill 815', purpose: 'to end python3 (pid 815)' };
const move = { command: 'candle start api --move', purpose: "to take another port for 'api'" };
const conflict: PortReport = { port: 4000, owners: [owner], reservation: null, containers: [], advice: [move, kill] };
const blog = { name: 'web', projectDir: '/home/ada/blog', branch: 'main', isDirectoryGone: false, runId: 'mb1f' };
const ownedByBlog: PortReport = {
  ...conflict,
  owners: [{ ...owner, commandLine: 'node server.js', cwd: '/home/ada/blog', service: blog }],
  advice: [{ command: 'candle kill web --project /home/ada/blog', purpose: "to stop service 'web'" }],
};
const failed = new ServiceStartFailedError(
  run,
  { exitCode: 1, exitSignal: null },
  { lastLines: ["Error: Cannot find module 'hono'"] },
);

const ended = { run, exitCode: 1, exitSignal: null } as ObservedRun;

/** An example of each error in this package, as a user would see it. docs/reference/errors.md is generated from it. */
export const supervisorErrors: readonly CandleError[] = [
  failed,
  new RunNotSpawnedError(service, new Error('spawn sh EAGAIN')),
  new ServiceNotReadyError(run, { waitedMs: 30_000, awaited: 'no response from /health', advice: [] }, [
    'Connecting to the database',
  ]),
  new ServiceEndedUnreadyError(ended, ["Error: Cannot find module 'hono'"]),
  new ServiceNotRunningError(service, undefined, []),
  new DependencyFailedError({ ...service, name: 'web' }, 'api', failed),
  new PortInUseError(service, conflict),
  new PortStillInUseError(run, conflict),
  new PortNotOwnedError('/home/ada/shop', ownedByBlog),
  new ServiceSurvivedError(run, [root]),
  new ServiceInOtherContainerError(run),
  new StopCommandFailedError(run, 'it exited with code 1'),
  new StartOvertakenByKillError(service),
  new ServiceLockedError(service, { owner: { pid: 4711, startToken: '1' }, sinceMs: 0 }, 121_000),
  new InputNotRunningError(service),
  new InputNotEnabledError(run),
  new InputNotReadError(run, 65_536, 5_000),
  new CommandNotFoundError('vite'),
  new CommandNotExecutableError('./dev.sh', './dev.sh', 'is not executable'),
  new ExecRefusedError('node', 'E2BIG', undefined),
  new ServiceNotListeningError('api', '/home/ada/shop', { isRunning: true }),
  new NoServiceListensError('/home/ada/shop'),
  new SeveralServicesListenError('/home/ada/shop', ['api', 'web']),
  new EraseWhileRunningError([service]),
  new EraseNotConfirmedError({ stateDir: '/home/ada/.local/state/candle', reservationCount: 12, projectCount: 3 }),
  new SeveralServicesFailedError([failed, new PortInUseError(service, conflict)]),
];
