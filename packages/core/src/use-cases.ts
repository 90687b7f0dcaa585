/** What a use case does to what is there: what MCP clients are told of a tool, and a clause for the command's help. */
export interface Effect {
  readonly changes: boolean;
  /** It may end or delete what was there before. */
  readonly isDestructive: boolean;
  /** Once more with the same input changes nothing more. */
  readonly isIdempotent: boolean;
  /** "Effect: …" */
  readonly clause: string;
}

export const effects = {
  reads: { changes: false, isDestructive: false, isIdempotent: true, clause: 'changes nothing' },
  acts: {
    changes: true,
    isDestructive: false,
    isIdempotent: false,
    clause: 'does its work anew each time; ends and deletes nothing',
  },
  ensures: {
    changes: true,
    isDestructive: false,
    isIdempotent: true,
    clause: 'adds what is missing, and ends and deletes nothing; a second time changes nothing more',
  },
  removes: {
    changes: true,
    isDestructive: true,
    isIdempotent: true,
    clause: 'ends or deletes what it is told to; a second time changes nothing more',
  },
  replaces: {
    changes: true,
    isDestructive: true,
    isIdempotent: false,
    clause: 'ends what runs and starts it anew, each time',
  },
  sends: {
    changes: true,
    isDestructive: true,
    isIdempotent: false,
    clause: 'has whatever effect the service gives to what it is sent',
  },
  runs: {
    changes: true,
    isDestructive: true,
    isIdempotent: false,
    clause: 'has whatever effect the command has that it runs',
  },
} as const satisfies Record<string, Effect>;

/** One verb, and the two faces that it has. */
export interface UseCase {
  readonly effect: keyof typeof effects;
  /** Ids of commands; or why there is none. */
  readonly commands: readonly string[] | { readonly leftOut: string };
  /** Names of MCP tools; or why there is none. */
  readonly tools: readonly string[] | { readonly leftOut: string };
  /** Codes of the failures that are its own; those of projects, of the state directory and of input are everybody's. */
  readonly errors: readonly string[];
}

const stopping = ['SERVICE_SURVIVED', 'PORT_STILL_IN_USE', 'SERVICE_LOCKED', 'SERVICE_SEVERAL_FAILED'];
/** Of what a service is told. */
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

const forPeople = (reason: string) => ({ leftOut: reason });

/** Every use case. docs/reference/use-cases.md is made from it; a test holds it against the commands and tools that there are. */
export const useCases = {
  'reserve-port': {
    effect: 'acts',
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
    commands: ['get-reserved-port'],
    tools: ['GetReservedPort'],
    errors: ['PORT_NOT_RESERVED'],
  },
  'get-or-reserve-port': {
    effect: 'ensures',
    commands: ['get-or-reserve-port'],
    tools: ['GetOrReservePort'],
    errors: ['PORT_NOT_AVAILABLE', 'PORT_RANGE_EXHAUSTED', 'PORT_PROBE_FAILED'],
  },
  'release-ports': {
    effect: 'removes',
    commands: ['release-ports'],
    tools: ['ReleasePorts'],
    errors: ['PORT_NOT_RESERVED', 'PORT_NOT_RESERVED_HERE', 'PORT_INVALID'],
  },
  'list-reserved-ports': {
    effect: 'reads',
    commands: ['list-reserved-ports', 'list-reserved-ports-all'],
    tools: ['ListReservedPorts'],
    errors: [],
  },
  'add-service': {
    effect: 'acts',
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
    commands: ['remove-service'],
    tools: forPeople('An agent edits .candle.json like any file; only adding is asked for often enough.'),
    errors: [...editing, 'CONFIG_MISSING', 'SERVICE_NOT_CONFIGURED', 'SERVICE_NOT_REMOVABLE'],
  },
  'setup-project': {
    effect: 'ensures',
    commands: ['setup-project'],
    tools: forPeople('AddServerConfig makes the file where there is none.'),
    errors: ['CONFIG_BUSY', 'CONFIG_NOT_WRITABLE'],
  },
  list: { effect: 'reads', commands: ['list', 'list-all', 'ps', 'ps-all'], tools: ['ListServices'], errors: [] },
  start: {
    effect: 'replaces',
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
  'check-start': { effect: 'ensures', commands: ['check-start'], tools: ['CheckStartService'], errors: starting },
  restart: { effect: 'replaces', commands: ['restart'], tools: ['RestartService'], errors: starting },
  kill: {
    effect: 'removes',
    commands: ['kill', 'kill-all'],
    tools: ['KillService'],
    errors: [...stopping, 'PORT_INVALID', 'PORT_NOT_OWNED'],
  },
  'who-has': { effect: 'reads', commands: ['who-has'], tools: ['WhoHasPort'], errors: ['PORT_INVALID'] },
  'wait-for-ready': {
    effect: 'reads',
    commands: ['wait-for-ready'],
    tools: ['WaitForReady'],
    errors: ['SERVICE_NOT_RUNNING', 'SERVICE_ENDED_UNREADY', 'SERVICE_NOT_READY'],
  },
  logs: {
    effect: 'reads',
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
    commands: ['watch'],
    tools: forPeople('It has no end; an agent reads on with the cursor of GetLogs, or waits with WaitForLog.'),
    errors: ['STATE_REPLACED'],
  },
  'wait-for-log': {
    effect: 'reads',
    commands: ['wait-for-log'],
    tools: ['WaitForLog'],
    errors: ['LOGS_NO_RUN', 'LOGS_RUN_ENDED', 'LOGS_TIMEOUT', 'LOGS_PATTERN_EMPTY', 'LOGS_PATTERN_INVALID'],
  },
  'clear-logs': { effect: 'removes', commands: ['clear-logs'], tools: ['ClearLogs'], errors: [] },
  send: {
    effect: 'sends',
    commands: ['send'],
    tools: ['SendInput'],
    errors: ['SERVICE_INPUT_NOT_RUNNING', 'SERVICE_INPUT_NOT_ENABLED', 'SERVICE_INPUT_NOT_READ'],
  },
  env: {
    effect: 'ensures',
    commands: ['env'],
    tools: forPeople(
      'An environment holds secrets, and what a tool answers goes to the provider of the model; an agent runs the command.',
    ),
    errors: environment,
  },
  exec: {
    effect: 'runs',
    commands: ['exec'],
    tools: forPeople('An agent runs the command, whose output and exit code are what it wants.'),
    errors: [...environment, 'EXEC_COMMAND_NOT_FOUND', 'EXEC_COMMAND_NOT_EXECUTABLE', 'EXEC_REFUSED'],
  },
  'list-ports': { effect: 'reads', commands: ['list-ports', 'list-ports-all'], tools: ['ListPorts'], errors: [] },
  'open-browser': {
    effect: 'acts',
    commands: ['open-browser'],
    tools: ['OpenBrowser'],
    errors: ['SERVICE_NOT_LISTENING', 'SERVICE_NONE_LISTENING', 'SERVICE_SEVERAL_LISTENING'],
  },
  doctor: {
    effect: 'reads',
    commands: ['doctor'],
    tools: forPeople('What it finds is for the person to mend.'),
    errors: [],
  },
  'erase-database': {
    effect: 'removes',
    commands: ['erase-database'],
    tools: forPeople('It deletes the reservations of every project; that is for the person to decide.'),
    errors: ['ERASE_NOT_CONFIRMED', 'ERASE_WHILE_RUNNING'],
  },
} as const satisfies Record<string, UseCase>;

export type UseCaseName = keyof typeof useCases;

/** Commands that are no use case of Candle's, and what they are instead. */
export const otherCommands: Readonly<Record<string, string>> = {
  'config-schema': 'prints what editors want to know of .candle.json',
  mcp: 'serves the tools, each with an effect of its own',
  'list-docs': 'the documentation in the terminal',
  'get-doc': 'the documentation in the terminal',
  'agents-guide': 'prints a passage for AGENTS.md, or a skill file',
};

/** What the help of a command says of its effect; undefined for one that is not in the table. */
export function findEffectSentence(commandId: string): string | undefined {
  const all: readonly UseCase[] = Object.values(useCases);
  const useCase = all.find(({ commands }) => !('leftOut' in commands) && commands.includes(commandId));
  return useCase && `Effect: ${effects[useCase.effect].clause}.`;
}
