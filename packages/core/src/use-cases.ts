import type { effects } from './effects.ts';

/** A use case, with the commands and the MCP tools that provide it. */
export interface UseCase {
  readonly effect: keyof typeof effects;
  /** What its commands change, in the help of each. */
  readonly help: string;
  /** Command ids, or the reason why there is no command. */
  readonly commands: readonly string[] | { readonly leftOut: string };
  /** MCP tool names, or the reason why there is no tool. */
  readonly tools: readonly string[] | { readonly leftOut: string };
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

const readOnly = 'Read-only.';

const forPeople = (reason: string) => ({ leftOut: reason });

/** All use cases. docs/reference/use-cases.md is generated from them; tests compare them with the commands and tools. */
export const useCases = {
  'reserve-port': {
    effect: 'acts',
    help: 'Each service has at most one reserved port. Without NAME, every call reserves another project-level port.',
    commands: ['reserve-port'],
    tools: ['ReservePort'],
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
    help: readOnly,
    commands: ['get-reserved-port'],
    tools: ['GetReservedPort'],
    errors: ['PORT_NOT_RESERVED'],
  },
  'get-or-reserve-port': {
    effect: 'ensures',
    help: 'May reserve a port; changes nothing else.',
    commands: ['get-or-reserve-port'],
    tools: ['GetOrReservePort'],
    errors: ['PORT_NOT_AVAILABLE', 'PORT_RANGE_EXHAUSTED', 'PORT_PROBE_FAILED'],
  },
  'release-ports': {
    effect: 'removes',
    help: 'Deletes reservations and nothing else; does not affect running services.',
    commands: ['release-ports'],
    tools: ['ReleasePorts'],
    errors: ['PORT_NOT_RESERVED', 'PORT_NOT_RESERVED_HERE', 'PORT_INVALID'],
  },
  'list-reserved-ports': {
    effect: 'reads',
    help: readOnly,
    commands: ['list-reserved-ports', 'list-reserved-ports-all'],
    tools: ['ListReservedPorts'],
    errors: [],
  },
  'add-service': {
    effect: 'acts',
    help: 'Changes only .candle.json; does not start the service.',
    commands: ['add-service'],
    tools: ['AddServerConfig'],
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
    help: 'Changes only .candle.json; the reserved port stays reserved.',
    commands: ['remove-service'],
    tools: forPeople(
      'An agent can edit .candle.json like any other file; only adding a service is common enough for a tool.',
    ),
    errors: [...editing, 'CONFIG_MISSING', 'SERVICE_NOT_CONFIGURED', 'SERVICE_NOT_REMOVABLE'],
  },
  'setup-project': {
    effect: 'ensures',
    help: 'Never changes an existing file.',
    commands: ['setup-project'],
    tools: forPeople('AddServerConfig creates the file if it does not exist.'),
    errors: ['CONFIG_BUSY', 'CONFIG_NOT_WRITABLE'],
  },
  list: {
    effect: 'reads',
    help: readOnly,
    commands: ['list', 'list-all', 'ps', 'ps-all'],
    tools: ['ListServices'],
    errors: [],
  },
  start: {
    effect: 'replaces',
    help: 'Restarts services that are already running; check-start leaves them alone.',
    commands: ['start'],
    tools: ['StartService', 'StartTransientService'],
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
    help: 'Never stops or restarts a running service.',
    commands: ['check-start'],
    tools: ['CheckStartService'],
    errors: starting,
  },
  restart: {
    effect: 'replaces',
    help: 'Restarts the services every time, even if nothing has changed.',
    commands: ['restart'],
    tools: ['RestartService'],
    errors: starting,
  },
  kill: {
    effect: 'removes',
    help: 'Also cancels pending restarts. Deletes no reservations and no output.',
    commands: ['kill', 'kill-all'],
    tools: ['KillService'],
    errors: [...stopping, 'PORT_INVALID', 'PORT_NOT_OWNED'],
  },
  'who-has': {
    effect: 'reads',
    help: readOnly,
    commands: ['who-has'],
    tools: ['WhoHasPort'],
    errors: ['PORT_INVALID'],
  },
  'wait-for-ready': {
    effect: 'reads',
    help: readOnly,
    commands: ['wait-for-ready'],
    tools: ['WaitForReady'],
    errors: ['SERVICE_NOT_RUNNING', 'SERVICE_ENDED_UNREADY', 'SERVICE_NOT_READY'],
  },
  logs: {
    effect: 'reads',
    help: readOnly,
    commands: ['logs'],
    tools: ['GetLogs'],
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
    help: readOnly,
    commands: ['watch'],
    tools: forPeople('It never exits; an agent continues from the cursor of GetLogs, or waits with WaitForLog.'),
    errors: ['STATE_REPLACED'],
  },
  'wait-for-log': {
    effect: 'reads',
    help: readOnly,
    commands: ['wait-for-log'],
    tools: ['WaitForLog'],
    errors: ['LOGS_NO_RUN', 'LOGS_RUN_ENDED', 'LOGS_TIMEOUT', 'LOGS_PATTERN_EMPTY', 'LOGS_PATTERN_INVALID'],
  },
  'clear-logs': {
    effect: 'removes',
    help: 'Deletes only stored output.',
    commands: ['clear-logs'],
    tools: ['ClearLogs'],
    errors: [],
  },
  send: {
    effect: 'sends',
    help: 'The effect depends on what the service does with the input.',
    commands: ['send'],
    tools: ['SendInput'],
    errors: ['SERVICE_INPUT_NOT_RUNNING', 'SERVICE_INPUT_NOT_ENABLED', 'SERVICE_INPUT_NOT_READ'],
  },
  env: {
    effect: 'ensures',
    help: 'May reserve ports; changes nothing else.',
    commands: ['env'],
    tools: forPeople(
      'An environment can contain secrets, and tool results are sent to the model provider; an agent runs the command instead.',
    ),
    errors: environment,
  },
  exec: {
    effect: 'runs',
    help: 'May reserve ports; any other effect depends on the command that it runs.',
    commands: ['exec'],
    tools: forPeople('An agent runs the command directly, because it needs the output and the exit code.'),
    errors: [...environment, 'EXEC_COMMAND_NOT_FOUND', 'EXEC_COMMAND_NOT_EXECUTABLE', 'EXEC_REFUSED'],
  },
  'list-ports': {
    effect: 'reads',
    help: readOnly,
    commands: ['list-ports', 'list-ports-all'],
    tools: ['ListPorts'],
    errors: [],
  },
  'open-browser': {
    effect: 'acts',
    help: 'May open the browser; changes nothing else.',
    commands: ['open-browser'],
    tools: ['OpenBrowser'],
    errors: ['SERVICE_NOT_LISTENING', 'SERVICE_NONE_LISTENING', 'SERVICE_SEVERAL_LISTENING'],
  },
  doctor: {
    effect: 'reads',
    help: readOnly,
    commands: ['doctor'],
    tools: forPeople('The problems that it finds are for the user to fix.'),
    errors: [],
  },
  'erase-database': {
    effect: 'removes',
    help: 'This cannot be undone.',
    commands: ['erase-database'],
    tools: forPeople('It deletes the reservations of every project, which is for the user to decide.'),
    errors: ['ERASE_NOT_CONFIRMED', 'ERASE_WHILE_RUNNING'],
  },
} as const satisfies Record<string, UseCase>;

export type UseCaseName = keyof typeof useCases;

/** Commands that do not belong to a use case, and what they do. */
export const otherCommands: Readonly<Record<string, string>> = {
  'config-schema': 'prints the JSON Schema of .candle.json for editors',
  mcp: 'serves the tools, each of which has its own effect',
  'list-docs': 'lists the documentation pages in the terminal',
  'get-doc': 'prints a documentation page in the terminal',
  'agents-guide': 'prints a section for AGENTS.md, or a skill file',
};

/** The sentence in a command's help about what it changes; undefined for a command without a use case. */
export function findEffectSentence(commandId: string): string | undefined {
  const all: readonly UseCase[] = Object.values(useCases);
  const useCase = all.find(({ commands }) => !('leftOut' in commands) && commands.includes(commandId));
  return useCase?.help;
}
