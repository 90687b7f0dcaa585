import type { UseCaseName } from '@candle/core/use-cases';

/** The commands of a use case. */
interface UseCaseCommands {
  /** Ids of the commands. The first one has the name of the use case. */
  readonly commands: readonly string[];
  /** What they change, in the help of each. */
  readonly help: string;
}

const readOnly = 'Read-only.';

/** How the CLI provides each use case. docs/reference/use-cases.md is generated from it. */
export const useCaseCommands: Readonly<Record<UseCaseName, UseCaseCommands>> = {
  'reserve-port': {
    commands: ['reserve-port'],
    help: 'Each service has at most one reserved port. Without NAME, every call reserves another project-level port.',
  },
  'get-reserved-port': {
    commands: ['get-reserved-port'],
    help: readOnly,
  },
  'get-or-reserve-port': {
    commands: ['get-or-reserve-port'],
    help: 'May reserve a port; changes nothing else.',
  },
  'release-ports': {
    commands: ['release-ports'],
    help: 'Deletes reservations and nothing else; does not affect running services.',
  },
  'list-reserved-ports': {
    commands: ['list-reserved-ports', 'list-reserved-ports-all'],
    help: readOnly,
  },
  'add-service': {
    commands: ['add-service'],
    help: 'Changes only .candle.json; does not start the service.',
  },
  'remove-service': {
    commands: ['remove-service'],
    help: 'Changes only .candle.json; the reserved port stays reserved.',
  },
  init: {
    commands: ['init'],
    help: 'Adds only what is missing in .candle.json; starts nothing.',
  },
  'setup-project': {
    commands: ['setup-project'],
    help: 'Never changes an existing file.',
  },
  list: {
    commands: ['list', 'list-all', 'ps', 'ps-all'],
    help: readOnly,
  },
  overview: {
    commands: ['overview'],
    help: readOnly,
  },
  up: {
    commands: ['up'],
    help: 'Restarts running services only if their definition has changed. Never stops a service that is not configured, unless you add --remove-orphans.',
  },
  down: {
    commands: ['down'],
    help: 'Also cancels pending restarts. Deletes no reservations and no output.',
  },
  start: {
    commands: ['start'],
    help: 'Restarts services that are already running; check-start leaves them alone.',
  },
  'check-start': {
    commands: ['check-start'],
    help: 'Never stops or restarts a running service.',
  },
  restart: {
    commands: ['restart'],
    help: 'Restarts the services every time, even if nothing has changed.',
  },
  kill: {
    commands: ['kill', 'kill-all'],
    help: 'Also cancels pending restarts. Deletes no reservations and no output.',
  },
  'who-has': {
    commands: ['who-has'],
    help: readOnly,
  },
  'wait-for-ready': {
    commands: ['wait-for-ready'],
    help: readOnly,
  },
  logs: {
    commands: ['logs'],
    help: readOnly,
  },
  watch: {
    commands: ['watch'],
    help: readOnly,
  },
  'wait-for-log': {
    commands: ['wait-for-log'],
    help: readOnly,
  },
  'clear-logs': {
    commands: ['clear-logs'],
    help: 'Deletes only stored output.',
  },
  send: {
    commands: ['send'],
    help: 'The effect depends on what the service does with the input.',
  },
  env: {
    commands: ['env'],
    help: 'May reserve ports; changes nothing else.',
  },
  exec: {
    commands: ['exec'],
    help: 'May reserve ports; any other effect depends on the command that it runs.',
  },
  'list-ports': {
    commands: ['list-ports', 'list-ports-all'],
    help: readOnly,
  },
  url: {
    commands: ['url'],
    help: readOnly,
  },
  'open-browser': {
    commands: ['open-browser'],
    help: 'May open the browser; changes nothing else.',
  },
  doctor: {
    commands: ['doctor'],
    help: readOnly,
  },
  trust: {
    commands: ['trust'],
    help: 'Changes only which configurations Candle uses; starts nothing.',
  },
  'erase-database': {
    commands: ['erase-database'],
    help: 'This cannot be undone.',
  },
};

/** Commands that do not belong to a use case, and what they do. */
export const otherCommands: Readonly<Record<string, string>> = {
  'config-schema': 'prints the JSON Schema of .candle.json for editors',
  mcp: 'serves the tools, each of which has its own effect',
  'list-docs': 'lists the documentation pages in the terminal',
  'get-doc': 'prints a documentation page in the terminal',
  'agents:guide': 'prints a section for AGENTS.md, or a skill file',
  completion: 'installs the completion of command lines in a shell, or removes it',
  help: 'prints the list of commands, or the help of a command or of a page of the documentation',
};

/** Commands for one task. */
export interface CommandGroup {
  readonly title: string;
  /** Ids of commands, the most used first. */
  readonly commands: readonly string[];
}

/**
 * The groups of `candle help` and docs/reference/commands.md. Of the commands for all projects, only those that are used
 * most are listed: `list-all` belongs to `list`, and does the same as `list --all`.
 */
export const commandGroups: readonly CommandGroup[] = [
  {
    title: 'Start and stop',
    commands: ['up', 'down', 'start', 'restart', 'kill', 'kill-all', 'check-start', 'exec', 'send'],
  },
  {
    title: 'Inspect',
    commands: [
      'overview',
      'ps',
      'ps-all',
      'logs',
      'watch',
      'url',
      'open-browser',
      'list',
      'wait-for-ready',
      'wait-for-log',
      'env',
      'clear-logs',
    ],
  },
  {
    title: 'Ports',
    commands: [
      'get-or-reserve-port',
      'reserve-port',
      'get-reserved-port',
      'list-reserved-ports',
      'who-has',
      'release-ports',
      'list-ports',
    ],
  },
  {
    title: 'Configure',
    commands: ['init', 'add-service', 'remove-service', 'setup-project', 'trust', 'config-schema'],
  },
  { title: 'Agents', commands: ['mcp', 'agents:guide'] },
  {
    title: 'Plugins',
    commands: [
      'plugins',
      'plugins:install',
      'plugins:uninstall',
      'plugins:update',
      'plugins:link',
      'plugins:inspect',
      'plugins:reset',
    ],
  },
  { title: 'Maintenance', commands: ['doctor', 'help', 'get-doc', 'list-docs', 'completion', 'erase-database'] },
];

/** The command that does the same for one project: `list` for `list-all`. Other commands are their own. */
export function forOneProject(commandId: string): string {
  return commandId.replace(/-all$/, '');
}

/** The sentence in a command's help about what it changes; undefined for a command without a use case. */
export function findEffectSentence(commandId: string): string | undefined {
  return Object.values(useCaseCommands).find(({ commands }) => commands.includes(commandId))?.help;
}
