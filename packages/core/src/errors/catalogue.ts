import {
  ConfigBusyError,
  ConfigInvalidError,
  ConfigMissingError,
  ConfigNotWritableError,
} from '../config/config-errors.ts';
import { InvalidDurationError } from '../config/duration-errors.ts';
import {
  InvalidServiceNameError,
  InvalidServiceRootError,
  InvalidServiceShellError,
  ServiceAlreadyConfiguredError,
  ServiceNotAddableError,
  ServiceNotConfiguredError,
  ServiceNotRemovableError,
  ServiceRootMissingError,
  ServiceRootOutsideProjectError,
} from '../config/errors.ts';
import {
  AmbiguousRunError,
  EmptyPatternError,
  InvalidCursorError,
  InvalidLogTimeError,
  InvalidPatternError,
  InvalidTimeoutError,
  MessageTimeoutError,
  NoRunToWaitForError,
  RunEndedBeforeMessageError,
  StateReplacedError,
  UnknownCursorError,
  UnknownRunError,
} from '../logs/errors.ts';
import { InvalidCountError } from '../logs/parse-count.ts';
import {
  InvalidPortError,
  PortNotAvailableError,
  PortProbeFailedError,
  PortRangeExhaustedError,
  PrivilegedPortError,
} from '../ports/errors.ts';
import {
  ProjectGoneError,
  ProjectNotADirectoryError,
  ProjectNotFoundError,
  ProjectTooWideError,
} from '../projects/errors.ts';
import {
  NoReservedPortError,
  PortNotMovableError,
  PortNotReservedHereError,
  ServiceAlreadyHasPortError,
  StrictPortDiffersError,
} from '../reservations/errors.ts';
import { EnvFileUnreadableError } from '../services/env-files.ts';
import { NoServicesError, ServiceIsConfiguredError, UnknownServiceError } from '../services/errors.ts';
import { InvalidTemplateError, TemplateWithoutPortError } from '../services/templates/errors.ts';
import {
  EarlierBuildRunningError,
  StateBusyError,
  StateDamagedError,
  StateDatabaseNotAFileError,
  StateDiskFullError,
  StateForeignError,
  StateNotWritableError,
  StateTooNewError,
} from '../store/errors.ts';
import {
  StateHomeUnknownError,
  StateNotADirectoryError,
  StateOnSharedFileSystemError,
  StateOwnedByOtherError,
  StatePathUnusableError,
} from '../store/state-path-errors.ts';
import type { CandleError } from './candle-error.ts';

const project = '/home/ada/shop';
const config = `${project}/.candle.json`;
const stateDir = '/home/ada/.local/state/candle';
const database = `${stateDir}/state.db`;
const missed = {
  name: 'api',
  projectDir: project,
  message: 'Listening',
  runId: 'mc1a-09bb',
  lastLines: ["Error: Cannot find module 'hono'"],
};
const reservation = { port: 4000, projectDir: project, serviceName: 'api', reservedAtMs: 0 };

/** An example of each error of this package, as a user would see it. docs/reference/errors.md is generated from it. */
export const coreErrors: readonly CandleError[] = [
  new ServiceAlreadyHasPortError('api', reservation),
  new NoReservedPortError('api', project, undefined),
  new PortNotReservedHereError(4000, '/home/ada/blog', reservation),
  new InvalidPortError('http'),
  new PortRangeExhaustedError({ first: 4000, last: 65535 }, 61500, 36),
  new PortProbeFailedError(4000, '::', 'EPERM'),
  new PrivilegedPortError(80),
  new PortNotAvailableError(
    5173,
    { projectDir: project, serviceName: 'web' },
    { by: 'reserved', reservation: { ...reservation, port: 5173, projectDir: '/home/ada/blog', serviceName: 'web' } },
  ),
  new StrictPortDiffersError({ ...reservation, serviceName: 'web' }, 5173),
  new PortNotMovableError({ ...reservation, port: 5173, serviceName: 'web' }),
  new ProjectNotFoundError('/home/ada/notes'),
  new ProjectTooWideError('/home/ada'),
  new ProjectGoneError('/home/ada/old'),
  new ProjectNotADirectoryError('/home/ada/notes.txt'),
  new ConfigMissingError(project),
  new ConfigInvalidError(config, [
    { file: config, line: 4, column: 7, field: 'services[0].shell', problem: 'must be a non-empty string' },
  ]),
  new ConfigNotWritableError(config, Object.assign(new Error('permission denied'), { code: 'EACCES' })),
  new ConfigBusyError(config, 30_000),
  new InvalidServiceNameError('../api', "must not contain '.' or '..' as a path segment"),
  new InvalidServiceShellError('', 'must be a non-empty string'),
  new InvalidServiceRootError('', 'must not be empty'),
  new ServiceRootOutsideProjectError('../blog', project),
  new ServiceRootMissingError('apps/api', project, 'does not exist'),
  new ServiceAlreadyConfiguredError('api', config),
  new ServiceNotAddableError('web_1', config, [
    {
      file: config,
      field: 'services[2].name',
      problem: "'web_1' and 'web-1' would both set WEB_1_PORT for other services: rename one of them",
    },
  ]),
  new ServiceNotRemovableError('api', config, [
    { file: config, field: 'services[1].dependsOn', problem: "refers to 'api', which is not configured" },
  ]),
  new ServiceNotConfiguredError('wbe', config, ['api', 'web']),
  new ServiceIsConfiguredError('api', config),
  new UnknownServiceError('wbe', project, ['api', 'web']),
  new NoServicesError(project, config, []),
  new InvalidDurationError('soon', '--wait'),
  new TemplateWithoutPortError({ serviceName: 'web', field: 'env.API' }, '${services.api.url}', 'api'),
  new InvalidTemplateError(
    { serviceName: 'web', field: 'ready.http' },
    "must be a path like '/health' or a URL, but it is localhost",
  ),
  new EnvFileUnreadableError(`${project}/.env`, 'api', 'it does not exist', undefined),
  new InvalidCountError('many'),
  new InvalidLogTimeError('soon'),
  new InvalidCursorError('later'),
  new UnknownCursorError('mb2k-61f0:0.4096', project, 'api'),
  new UnknownRunError('mb2', project, ['api'], ['mc1a-09bb', 'mc1b-77de']),
  new AmbiguousRunError('mc', ['mc1a-09bb', 'mc1b-77de']),
  new EmptyPatternError(),
  new InvalidPatternError('(', new SyntaxError('Invalid regular expression: /(/: Unterminated group')),
  new InvalidTimeoutError('soon'),
  new NoRunToWaitForError({ ...missed, runId: null }),
  new RunEndedBeforeMessageError(missed),
  new MessageTimeoutError(missed, 30_000),
  new StateReplacedError(stateDir),
  new StateHomeUnknownError(),
  new StateDamagedError(database, 'file is not a database'),
  new StateDatabaseNotAFileError(database, 'is a directory'),
  new StateForeignError(database),
  new StateTooNewError(database, 9, 2),
  new EarlierBuildRunningError({
    stateDir: '/home/ada/.local/state/candle',
    services: [{ projectDir: '/home/ada/shop', name: 'api' }],
    supervisorPid: 4100,
    groups: [4242],
    processes: [],
  }),
  new StateNotWritableError(stateDir, 'permission denied', undefined),
  new StateNotADirectoryError(stateDir, stateDir),
  new StatePathUnusableError(stateDir, 'the path, or a name in it, is too long'),
  new StateOwnedByOtherError(stateDir, stateDir, 1000, 0),
  new StateOnSharedFileSystemError(stateDir, 'NFS'),
  new StateDiskFullError(stateDir, undefined),
  new StateBusyError(database, 30_000, undefined),
];
