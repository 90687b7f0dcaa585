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
}

const readOnly = 'Read-only.';

const forPeople = (reason: string) => ({ leftOut: reason });

/** All use cases. docs/reference/use-cases.md is generated from them; tests compare them with the commands and tools. */
export const useCases = {
  'reserve-port': {
    effect: 'acts',
    help: 'Each service has at most one reserved port. Without NAME, every call reserves another project-level port.',
    commands: ['reserve-port'],
    tools: ['ReservePort'],
  },
  'get-reserved-port': {
    effect: 'reads',
    help: readOnly,
    commands: ['get-reserved-port'],
    tools: ['GetReservedPort'],
  },
  'get-or-reserve-port': {
    effect: 'ensures',
    help: 'May reserve a port; changes nothing else.',
    commands: ['get-or-reserve-port'],
    tools: ['GetOrReservePort'],
  },
  'release-ports': {
    effect: 'removes',
    help: 'Deletes reservations and nothing else; does not affect running services.',
    commands: ['release-ports'],
    tools: ['ReleasePorts'],
  },
  'list-reserved-ports': {
    effect: 'reads',
    help: readOnly,
    commands: ['list-reserved-ports', 'list-reserved-ports-all'],
    tools: ['ListReservedPorts'],
  },
  'add-service': {
    effect: 'acts',
    help: 'Changes only .candle.json; does not start the service.',
    commands: ['add-service'],
    tools: ['AddServerConfig'],
  },
  'remove-service': {
    effect: 'removes',
    help: 'Changes only .candle.json; the reserved port stays reserved.',
    commands: ['remove-service'],
    tools: forPeople(
      'An agent can edit .candle.json like any other file; only adding a service is common enough for a tool.',
    ),
  },
  'setup-project': {
    effect: 'ensures',
    help: 'Never changes an existing file.',
    commands: ['setup-project'],
    tools: forPeople('AddServerConfig creates the file if it does not exist.'),
  },
  list: {
    effect: 'reads',
    help: readOnly,
    commands: ['list', 'list-all', 'ps', 'ps-all'],
    tools: ['ListServices'],
  },
  start: {
    effect: 'replaces',
    help: 'Restarts services that are already running; check-start leaves them alone.',
    commands: ['start'],
    tools: ['StartService', 'StartTransientService'],
  },
  'check-start': {
    effect: 'ensures',
    help: 'Never stops or restarts a running service.',
    commands: ['check-start'],
    tools: ['CheckStartService'],
  },
  restart: {
    effect: 'replaces',
    help: 'Restarts the services every time, even if nothing has changed.',
    commands: ['restart'],
    tools: ['RestartService'],
  },
  kill: {
    effect: 'removes',
    help: 'Also cancels pending restarts. Deletes no reservations and no output.',
    commands: ['kill', 'kill-all'],
    tools: ['KillService'],
  },
  'who-has': {
    effect: 'reads',
    help: readOnly,
    commands: ['who-has'],
    tools: ['WhoHasPort'],
  },
  'wait-for-ready': {
    effect: 'reads',
    help: readOnly,
    commands: ['wait-for-ready'],
    tools: ['WaitForReady'],
  },
  logs: {
    effect: 'reads',
    help: readOnly,
    commands: ['logs'],
    tools: ['GetLogs'],
  },
  watch: {
    effect: 'reads',
    help: readOnly,
    commands: ['watch'],
    tools: forPeople('It never exits; an agent continues from the cursor of GetLogs, or waits with WaitForLog.'),
  },
  'wait-for-log': {
    effect: 'reads',
    help: readOnly,
    commands: ['wait-for-log'],
    tools: ['WaitForLog'],
  },
  'clear-logs': {
    effect: 'removes',
    help: 'Deletes only stored output.',
    commands: ['clear-logs'],
    tools: ['ClearLogs'],
  },
  send: {
    effect: 'sends',
    help: 'The effect depends on what the service does with the input.',
    commands: ['send'],
    tools: ['SendInput'],
  },
  env: {
    effect: 'ensures',
    help: 'May reserve ports; changes nothing else.',
    commands: ['env'],
    tools: forPeople(
      'An environment can contain secrets, and tool results are sent to the model provider; an agent runs the command instead.',
    ),
  },
  exec: {
    effect: 'runs',
    help: 'May reserve ports; any other effect depends on the command that it runs.',
    commands: ['exec'],
    tools: forPeople('An agent runs the command directly, because it needs the output and the exit code.'),
  },
  'list-ports': {
    effect: 'reads',
    help: readOnly,
    commands: ['list-ports', 'list-ports-all'],
    tools: ['ListPorts'],
  },
  'open-browser': {
    effect: 'acts',
    help: 'May open the browser; changes nothing else.',
    commands: ['open-browser'],
    tools: ['OpenBrowser'],
  },
  doctor: {
    effect: 'reads',
    help: readOnly,
    commands: ['doctor'],
    tools: forPeople('The problems that it finds are for the user to fix.'),
  },
  'erase-database': {
    effect: 'removes',
    help: 'This cannot be undone.',
    commands: ['erase-database'],
    tools: forPeople('It deletes the reservations of every project, which is for the user to decide.'),
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
