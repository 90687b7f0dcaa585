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
} as const satisfies Record<string, Effect>;

/** One verb, and the two faces that it has. */
export interface UseCase {
  readonly effect: keyof typeof effects;
  /** Ids of commands; or why there is none. */
  readonly commands: readonly string[] | { readonly leftOut: string };
  /** Names of MCP tools; or why there is none. */
  readonly tools: readonly string[] | { readonly leftOut: string };
}

const forPeople = (reason: string) => ({ leftOut: reason });

/** Every use case. docs/reference/use-cases.md is made from it; a test holds it against the commands and tools that there are. */
export const useCases = {
  'reserve-port': { effect: 'acts', commands: ['reserve-port'], tools: ['ReservePort'] },
  'get-reserved-port': { effect: 'reads', commands: ['get-reserved-port'], tools: ['GetReservedPort'] },
  'get-or-reserve-port': { effect: 'ensures', commands: ['get-or-reserve-port'], tools: ['GetOrReservePort'] },
  'release-ports': { effect: 'removes', commands: ['release-ports'], tools: ['ReleasePorts'] },
  'list-reserved-ports': {
    effect: 'reads',
    commands: ['list-reserved-ports', 'list-reserved-ports-all'],
    tools: ['ListReservedPorts'],
  },
  'add-service': { effect: 'acts', commands: ['add-service'], tools: ['AddServerConfig'] },
  'remove-service': {
    effect: 'removes',
    commands: ['remove-service'],
    tools: forPeople('An agent edits .candle.json like any file; only adding is asked for often enough.'),
  },
  'setup-project': {
    effect: 'ensures',
    commands: ['setup-project'],
    tools: forPeople('AddServerConfig makes the file where there is none.'),
  },
  list: { effect: 'reads', commands: ['list', 'list-all', 'ps', 'ps-all'], tools: ['ListServices'] },
  start: { effect: 'replaces', commands: ['start'], tools: ['StartService', 'StartTransientService'] },
  'check-start': { effect: 'ensures', commands: ['check-start'], tools: ['CheckStartService'] },
  restart: { effect: 'replaces', commands: ['restart'], tools: ['RestartService'] },
  kill: { effect: 'removes', commands: ['kill', 'kill-all'], tools: ['KillService'] },
  'wait-for-ready': { effect: 'reads', commands: ['wait-for-ready'], tools: ['WaitForReady'] },
  logs: { effect: 'reads', commands: ['logs'], tools: ['GetLogs'] },
  watch: {
    effect: 'reads',
    commands: ['watch'],
    tools: forPeople('It has no end; an agent reads on with the cursor of GetLogs, or waits with WaitForLog.'),
  },
  'wait-for-log': { effect: 'reads', commands: ['wait-for-log'], tools: ['WaitForLog'] },
  'clear-logs': { effect: 'removes', commands: ['clear-logs'], tools: ['ClearLogs'] },
  send: { effect: 'sends', commands: ['send'], tools: ['SendInput'] },
  'list-ports': { effect: 'reads', commands: ['list-ports', 'list-ports-all'], tools: ['ListPorts'] },
  'open-browser': { effect: 'acts', commands: ['open-browser'], tools: ['OpenBrowser'] },
  doctor: { effect: 'reads', commands: ['doctor'], tools: forPeople('What it finds is for the person to mend.') },
  'erase-database': {
    effect: 'removes',
    commands: ['erase-database'],
    tools: forPeople('It deletes the reservations of every project; that is for the person to decide.'),
  },
} as const satisfies Record<string, UseCase>;

export type UseCaseName = keyof typeof useCases;

/** Commands that are no use case of Candle's, and what they are instead. */
export const otherCommands: Readonly<Record<string, string>> = {
  mcp: 'Serves the tools; each has an effect of its own.',
};

/** What the help of a command says of its effect; undefined for one that is not in the table. */
export function findEffectSentence(commandId: string): string | undefined {
  const all: readonly UseCase[] = Object.values(useCases);
  const useCase = all.find(({ commands }) => !('leftOut' in commands) && commands.includes(commandId));
  return useCase && `Effect: ${effects[useCase.effect].clause}.`;
}
