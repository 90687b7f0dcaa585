// packages/cli-kit/src/documents: the types of the documents and events that plugins get. They are generated because
// cli-kit imports no other package, and because plugin authors read them in their editors.
import * as documents from '../../packages/documents/src/index.ts';
import { jsonSchemas } from '../../packages/documents/src/json-schema.ts';
import { renderType } from './render-type.mjs';

const folder = 'packages/cli-kit/src/documents';

/** Schemas and descriptions of the types, by file and name. */
const files = {
  ports: {
    ReservedPortDocument: [documents.reservedPort, 'One reservation, as `candle get-reserved-port --json` prints it.'],
    ClaimedPortDocument: [
      documents.claimedPort,
      'A reservation that was just requested, as `candle reserve-port --json` prints it.',
    ],
    GotOrReservedPortDocument: [documents.gotOrReservedPort, 'As `candle get-or-reserve-port --json` prints it.'],
    ReservedPortsDocument: [documents.reservedPorts, 'As `candle list-reserved-ports --json` prints it.'],
    ReleasedPortsDocument: [documents.releasedPorts, 'As `candle release-ports --json` prints it.'],
    PortOwnerDocument: [documents.portOwner, 'A process that listens on a port. Times are ISO 8601, UTC.'],
    PortsDocument: [
      documents.listenedPorts,
      'The ports that services currently listen on, as `candle list-ports --json` prints them.',
    ],
  },
  services: {
    PortCheckDocument: [documents.portCheck, 'Whether a service listens on its reserved port.'],
    ServiceDocument: [documents.service, 'One service, as `candle list --json` prints it. Times are ISO 8601, UTC.'],
    StartedDocument: [documents.startedService, 'A service that was started, as `candle start --json` prints it.'],
    StartDocument: [documents.startedServices, 'The result of a start, as `candle start --json` prints it.'],
    KilledDocument: [documents.killedService, 'The result of stopping a service, as `candle kill --json` prints it.'],
    ReadyDocument: [documents.readyService, 'A service that is ready, as `candle wait-for-ready --json` prints it.'],
  },
  logs: {
    LogsDocument: [
      documents.logs,
      'The output of services, as `candle logs --json` prints it, without escape sequences.',
    ],
    LogEntryDocument: [
      documents.logEntry,
      'A line that a service printed, or an event of its run. Times are ISO 8601, UTC, and null if unknown.',
    ],
  },
  events: {
    CandleEvent: [
      documents.candleEvent,
      "Something that has happened. Events are raised after the change is stored in Candle's database, whether a command, an agent or the restart policy caused it.",
    ],
    PortReservedEvent: [documents.portReservedEvent, 'A port was reserved.'],
    PortReleasedEvent: [
      documents.portReleasedEvent,
      'A port was released. The service may still be running. `candle erase-database` releases all ports without raising this event.',
    ],
    ServiceStartedEvent: [
      documents.serviceStartedEvent,
      'A start has succeeded: the service still runs after half a second, and is ready if Candle waits for that.',
    ],
    ServiceStoppedEvent: [
      documents.serviceStoppedEvent,
      'A run of a service has ended. If it ended before its start had succeeded, there is no `service-started` event before.',
    ],
  },
};

/** The text of each file, by its path. */
export function pluginTypes() {
  const types = Object.values(files).flatMap((file) => Object.entries(file));
  const schemas = jsonSchemas(Object.fromEntries(types.map(([name, [schema]]) => [name, schema])));
  return Object.fromEntries(
    Object.entries(files).map(([file, own]) => {
      const declarations = Object.entries(own).map(([name, [, description]]) =>
        declare(name, schemas[name], description),
      );
      const text = declarations.join('\n');
      const imports = Object.entries(files).flatMap(([other, names]) => {
        const used = Object.keys(names).filter((name) => other !== file && new RegExp(`\\b${name}\\b`).test(text));
        return used.length === 0 ? [] : [`import type { ${used.join(', ')} } from './${other}.ts';\n`];
      });
      return [`${folder}/${file}.ts`, [header, ...imports, '\n', text].join('')];
    }),
  );
}

const header = '// Generated from packages/documents by `pnpm run docs`; do not edit.\n';

function declare(name, schema, description) {
  const type = renderType(schema, style);
  const assigned = type.startsWith('\n') ? type : ` ${type}`;
  const declaration = type.startsWith('{') ? `interface ${name} ${type}` : `type ${name} =${assigned};`;
  return `${docComment(description, '')}\nexport ${declaration}\n`;
}

const style = {
  integer: 'number',
  string: (value) => `'${value}'`,
  list: (item) => `readonly ${item}[]`,
  unionIndent: (indent) => `${indent}    `,
  union: (members, { isLong, indent }) =>
    isLong ? members.map((member) => `\n${indent}  | ${member}`).join('') : members.join(' | '),
  field: (name, type, description, indent) =>
    `${description ? `${docComment(description, indent)}\n` : ''}${indent}readonly ${name}: ${type};`,
};

const lineWidth = 120;

function docComment(text, indent) {
  const oneLine = `${indent}/** ${text} */`;
  if (oneLine.length <= lineWidth) return oneLine;
  const start = `${indent} * `;
  const lines = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && `${start}${line} ${word}`.length <= lineWidth) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return [`${indent}/**`, ...lines.map((line) => start + line), `${indent} */`].join('\n');
}
