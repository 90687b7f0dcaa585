import type { CoreErrorCode } from '@candle/core/error-catalogue';
import type { UseCaseName } from '@candle/core/use-cases';
import type { SupervisorErrorCode } from '@candle/supervisor';

type ErrorCodes = readonly (CoreErrorCode | SupervisorErrorCode)[];

const stopping: ErrorCodes = ['SERVICE_SURVIVED', 'PORT_STILL_IN_USE', 'SERVICE_LOCKED', 'SERVICE_SEVERAL_FAILED'];
/** Errors from building a service's environment. */
const environment: ErrorCodes = [
  'CONFIG_INVALID',
  'CONFIG_UNTRUSTED',
  'SERVICE_NOT_CONFIGURED',
  'SERVICE_ENV_FILE_UNREADABLE',
  'PROJECT_DIRECTORY_REPLACED',
  'PORT_NOT_AVAILABLE',
  'PORT_STRICT_DIFFERS',
  'PORT_RANGE_EXHAUSTED',
  'PORT_PROBE_FAILED',
  'SERVICE_TEMPLATE_WITHOUT_PORT',
  'SERVICE_TEMPLATE_INVALID',
];
const starting: ErrorCodes = [
  ...environment,
  'SETUP_FAILED',
  'SETUP_INPUT_UNREADABLE',
  'SERVICE_NONE_CONFIGURED',
  'SERVICE_DEPENDENCY_FAILED',
  'SERVICE_ROOT_MISSING',
  'PORT_IN_USE',
  'SERVICE_NOT_SPAWNED',
  'SERVICE_START_NOT_RECORDED',
  'SERVICE_START_FAILED',
  'SERVICE_START_OVERTAKEN',
  'SERVICE_NOT_READY',
  'SERVICE_ENDED_UNREADY',
  ...stopping,
];
const editing: ErrorCodes = ['CONFIG_INVALID', 'CONFIG_UNTRUSTED', 'CONFIG_BUSY', 'CONFIG_NOT_WRITABLE'];

/** The specific errors of each use case. Errors of the project, the state directory and the input can occur in any. */
export const useCaseErrors: Readonly<Record<UseCaseName, ErrorCodes>> = {
  'reserve-port': [
    'PORT_ALREADY_RESERVED',
    'PORT_NEVER_RESERVED',
    'PORT_INVALID',
    'PORT_PRIVILEGED',
    'PORT_NOT_AVAILABLE',
    'PORT_RANGE_EXHAUSTED',
    'PORT_PROBE_FAILED',
  ],
  'get-reserved-port': ['PORT_NOT_RESERVED'],
  'get-or-reserve-port': ['PORT_NEVER_RESERVED', 'PORT_NOT_AVAILABLE', 'PORT_RANGE_EXHAUSTED', 'PORT_PROBE_FAILED'],
  'release-ports': ['PORT_NOT_RESERVED', 'PORT_NOT_RESERVED_HERE', 'PORT_INVALID'],
  'list-reserved-ports': [],
  'add-service': [
    ...editing,
    'PORT_INVALID',
    'PORT_PRIVILEGED',
    'SERVICE_NOT_ADDABLE',
    'SERVICE_ALREADY_CONFIGURED',
    'SERVICE_SHELL_INVALID',
    'SERVICE_ROOT_INVALID',
    'SERVICE_ROOT_OUTSIDE_PROJECT',
  ],
  'remove-service': [...editing, 'CONFIG_MISSING', 'SERVICE_NOT_CONFIGURED', 'SERVICE_NOT_REMOVABLE'],
  init: [...editing, 'SERVICE_NOT_ADDABLE'],
  'setup-project': ['CONFIG_UNTRUSTED', 'CONFIG_BUSY', 'CONFIG_NOT_WRITABLE'],
  list: [],
  up: [...starting, 'PORT_NOT_MOVABLE', 'PORT_NOT_RESERVED'],
  down: stopping,
  start: [
    ...starting,
    'SERVICE_IS_CONFIGURED',
    'SERVICE_NAME_TAKEN',
    'PORT_NEVER_RESERVED',
    'SERVICE_SHELL_INVALID',
    'PORT_INVALID',
    'PORT_PRIVILEGED',
    'PORT_NOT_MOVABLE',
    'PORT_NOT_RESERVED',
  ],
  'check-start': starting,
  restart: starting,
  kill: [...stopping, 'PORT_INVALID', 'PORT_NOT_OWNED'],
  'who-has': ['PORT_INVALID'],
  'wait-for-ready': ['SERVICE_NOT_RUNNING', 'SERVICE_ENDED_UNREADY', 'SERVICE_NOT_READY'],
  logs: [
    'LOGS_COUNT_INVALID',
    'LOGS_TIME_INVALID',
    'LOGS_PATTERN_EMPTY',
    'LOGS_PATTERN_INVALID',
    'LOGS_CURSOR_INVALID',
    'LOGS_CURSOR_UNKNOWN',
    'LOGS_RUN_UNKNOWN',
    'LOGS_RUN_AMBIGUOUS',
  ],
  watch: ['STATE_REPLACED'],
  'wait-for-log': ['LOGS_NO_RUN', 'LOGS_RUN_ENDED', 'LOGS_TIMEOUT', 'LOGS_PATTERN_EMPTY', 'LOGS_PATTERN_INVALID'],
  'clear-logs': [],
  send: ['SERVICE_INPUT_NOT_RUNNING', 'SERVICE_INPUT_NOT_ENABLED', 'SERVICE_INPUT_NOT_READ'],
  env: environment,
  exec: [...environment, 'EXEC_COMMAND_NOT_FOUND', 'EXEC_COMMAND_NOT_EXECUTABLE', 'EXEC_REFUSED'],
  'list-ports': [],
  'open-browser': ['SERVICE_NOT_LISTENING', 'SERVICE_NONE_LISTENING', 'SERVICE_SEVERAL_LISTENING'],
  doctor: [],
  trust: ['PROJECT_NOT_TRUSTED'],
  'erase-database': ['ERASE_NOT_CONFIRMED', 'ERASE_WHILE_RUNNING'],
};
