import type { effects } from './effects.ts';

/** What Candle can do for the user, whatever the front end. */
export interface UseCase {
  readonly effect: keyof typeof effects;
  /** Codes of its specific errors. Project, state-directory and input errors can occur in any use case. */
  readonly errors: readonly string[];
}

const stopping = ['SERVICE_SURVIVED', 'PORT_STILL_IN_USE', 'SERVICE_LOCKED', 'SERVICE_SEVERAL_FAILED'];
/** Errors from building a service's environment. */
const environment = [
  'CONFIG_INVALID',
  'SERVICE_NOT_CONFIGURED',
  'SERVICE_ENV_FILE_UNREADABLE',
  'PORT_NOT_AVAILABLE',
  'PORT_STRICT_DIFFERS',
  'PORT_RANGE_EXHAUSTED',
  'PORT_PROBE_FAILED',
  'SERVICE_TEMPLATE_WITHOUT_PORT',
  'SERVICE_TEMPLATE_INVALID',
];
const starting = [
  ...environment,
  'SERVICE_NONE_CONFIGURED',
  'SERVICE_DEPENDENCY_FAILED',
  'SERVICE_ROOT_MISSING',
  'PORT_IN_USE',
  'SERVICE_NOT_SPAWNED',
  'SERVICE_START_FAILED',
  'SERVICE_START_OVERTAKEN',
  'SERVICE_NOT_READY',
  'SERVICE_ENDED_UNREADY',
  ...stopping,
];
const editing = ['CONFIG_INVALID', 'CONFIG_BUSY', 'CONFIG_NOT_WRITABLE'];

/** All use cases. The CLI and the MCP server say how they provide each of them. */
export const useCases = {
  'reserve-port': {
    effect: 'acts',
    errors: [
      'PORT_ALREADY_RESERVED',
      'PORT_INVALID',
      'PORT_PRIVILEGED',
      'PORT_NOT_AVAILABLE',
      'PORT_RANGE_EXHAUSTED',
      'PORT_PROBE_FAILED',
    ],
  },
  'get-reserved-port': {
    effect: 'reads',
    errors: ['PORT_NOT_RESERVED'],
  },
  'get-or-reserve-port': {
    effect: 'ensures',
    errors: ['PORT_NOT_AVAILABLE', 'PORT_RANGE_EXHAUSTED', 'PORT_PROBE_FAILED'],
  },
  'release-ports': {
    effect: 'removes',
    errors: ['PORT_NOT_RESERVED', 'PORT_NOT_RESERVED_HERE', 'PORT_INVALID'],
  },
  'list-reserved-ports': {
    effect: 'reads',
    errors: [],
  },
  'add-service': {
    effect: 'acts',
    errors: [
      ...editing,
      'PORT_INVALID',
      'PORT_PRIVILEGED',
      'SERVICE_NOT_ADDABLE',
      'SERVICE_ALREADY_CONFIGURED',
      'SERVICE_SHELL_INVALID',
      'SERVICE_ROOT_INVALID',
      'SERVICE_ROOT_OUTSIDE_PROJECT',
    ],
  },
  'remove-service': {
    effect: 'removes',
    errors: [...editing, 'CONFIG_MISSING', 'SERVICE_NOT_CONFIGURED', 'SERVICE_NOT_REMOVABLE'],
  },
  'setup-project': {
    effect: 'ensures',
    errors: ['CONFIG_BUSY', 'CONFIG_NOT_WRITABLE'],
  },
  list: {
    effect: 'reads',
    errors: [],
  },
  start: {
    effect: 'replaces',
    errors: [
      ...starting,
      'SERVICE_IS_CONFIGURED',
      'SERVICE_SHELL_INVALID',
      'PORT_INVALID',
      'PORT_PRIVILEGED',
      'PORT_NOT_MOVABLE',
      'PORT_NOT_RESERVED',
    ],
  },
  'check-start': {
    effect: 'ensures',
    errors: starting,
  },
  restart: {
    effect: 'replaces',
    errors: starting,
  },
  kill: {
    effect: 'removes',
    errors: [...stopping, 'PORT_INVALID', 'PORT_NOT_OWNED'],
  },
  'who-has': {
    effect: 'reads',
    errors: ['PORT_INVALID'],
  },
  'wait-for-ready': {
    effect: 'reads',
    errors: ['SERVICE_NOT_RUNNING', 'SERVICE_ENDED_UNREADY', 'SERVICE_NOT_READY'],
  },
  logs: {
    effect: 'reads',
    errors: [
      'LOGS_COUNT_INVALID',
      'LOGS_TIME_INVALID',
      'LOGS_PATTERN_EMPTY',
      'LOGS_PATTERN_INVALID',
      'LOGS_CURSOR_INVALID',
      'LOGS_CURSOR_UNKNOWN',
      'LOGS_RUN_UNKNOWN',
      'LOGS_RUN_AMBIGUOUS',
    ],
  },
  watch: {
    effect: 'reads',
    errors: ['STATE_REPLACED'],
  },
  'wait-for-log': {
    effect: 'reads',
    errors: ['LOGS_NO_RUN', 'LOGS_RUN_ENDED', 'LOGS_TIMEOUT', 'LOGS_PATTERN_EMPTY', 'LOGS_PATTERN_INVALID'],
  },
  'clear-logs': {
    effect: 'removes',
    errors: [],
  },
  send: {
    effect: 'sends',
    errors: ['SERVICE_INPUT_NOT_RUNNING', 'SERVICE_INPUT_NOT_ENABLED', 'SERVICE_INPUT_NOT_READ'],
  },
  env: {
    effect: 'ensures',
    errors: environment,
  },
  exec: {
    effect: 'runs',
    errors: [...environment, 'EXEC_COMMAND_NOT_FOUND', 'EXEC_COMMAND_NOT_EXECUTABLE', 'EXEC_REFUSED'],
  },
  'list-ports': {
    effect: 'reads',
    errors: [],
  },
  'open-browser': {
    effect: 'acts',
    errors: ['SERVICE_NOT_LISTENING', 'SERVICE_NONE_LISTENING', 'SERVICE_SEVERAL_LISTENING'],
  },
  doctor: {
    effect: 'reads',
    errors: [],
  },
  'erase-database': {
    effect: 'removes',
    errors: ['ERASE_NOT_CONFIRMED', 'ERASE_WHILE_RUNNING'],
  },
} as const satisfies Record<string, UseCase>;

export type UseCaseName = keyof typeof useCases;
