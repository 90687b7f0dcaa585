import * as documents from '@candle/documents';
import { jsonSchema } from '@candle/documents/json-schema';
import { useCaseCommands } from '../use-case-commands.ts';

/** A document that `--json` prints: one object, or one object per line. */
export interface DocumentDescription {
  /** Name of the schema file, without extension. */
  readonly name: string;
  /** Ids of the commands that print it. */
  readonly commands: readonly string[];
  readonly title: string;
  /** A JSON Schema. It allows unknown fields, because later versions may add some. */
  readonly schema: object;
}

/** The document that a successful command prints, by its use case or, if it belongs to none, by its id. */
export const printedDocuments = {
  'add-service': documents.addedService,
  'agents:guide': documents.agentsGuide,
  'check-start': documents.startedServices,
  'clear-logs': documents.clearedLogs,
  down: documents.stoppedServices,
  doctor: documents.checks,
  env: documents.environment,
  'erase-database': documents.erasedDatabase,
  'get-doc': documents.pageOrPages,
  'get-or-reserve-port': documents.gotOrReservedPort,
  'get-reserved-port': documents.reservedPort,
  init: documents.initialized,
  kill: documents.killedServices,
  list: documents.services,
  'list-docs': documents.pages,
  'list-ports': documents.listenedPorts,
  'list-reserved-ports': documents.reservedPorts,
  logs: documents.logs,
  'open-browser': documents.openedBrowser,
  overview: documents.overview,
  plugins: documents.plugins,
  'plugins:inspect': documents.inspectedPlugin,
  'plugins:install': documents.installedPlugins,
  'plugins:link': documents.linkedPlugin,
  'plugins:reset': documents.resetPlugins,
  'plugins:uninstall': documents.uninstalledPlugins,
  'plugins:update': documents.updatedPlugins,
  'release-ports': documents.releasedPorts,
  'remove-service': documents.removedService,
  'reserve-port': documents.claimedPort,
  restart: documents.startedServices,
  send: documents.sentInput,
  'setup-project': documents.setUpProject,
  start: documents.startedServices,
  trust: documents.trust,
  up: documents.upServices,
  url: documents.urls,
  'wait-for-log': documents.foundLine,
  'wait-for-ready': documents.readyService,
  'who-has': documents.portReport,
};

/** The schemas of everything that `--json` prints. Only the documentation and tests load this, no command does. */
export function describeDocuments(): readonly DocumentDescription[] {
  const printed = Object.entries(printedDocuments).map(([id, schema]) => {
    const commands = commandsOf(id);
    const title = commands.map((command) => `candle ${command.replaceAll(':', ' ')} --json`).join(', ');
    return { name: id.replaceAll(':', '-'), commands, title, schema: jsonSchema(schema) };
  });
  return [
    ...printed.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    {
      name: 'entry',
      commands: ['watch'],
      title: 'A line of candle watch --json and candle logs -f --json',
      schema: jsonSchema(documents.followedEntry),
    },
    {
      name: 'error',
      commands: [],
      title: 'Every command that fails, with --json',
      schema: jsonSchema(documents.errorDocument),
    },
  ];
}

function commandsOf(id: string): readonly string[] {
  return Object.entries(useCaseCommands).find(([name]) => name === id)?.[1].commands ?? [id];
}
