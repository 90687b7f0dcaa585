// packages/cli-kit/src/documents.ts: the types of the documents that plugins get. They are generated because cli-kit imports
// no other package, and because plugin authors read them in their editors.
import * as documents from '../../packages/documents/src/index.ts';
import { jsonSchemas } from '../../packages/documents/src/json-schema.ts';
import { renderType } from './render-type.mjs';

/** Schemas and descriptions of the types, by name. */
const types = {
  ReservedPortDocument: [documents.reservedPort, 'One reservation, as `candle get-reserved-port --json` prints it.'],
  ClaimedPortDocument: [
    documents.claimedPort,
    'A reservation that was just requested, as `candle reserve-port --json` prints it.',
  ],
  GotOrReservedPortDocument: [documents.gotOrReservedPort, 'As `candle get-or-reserve-port --json` prints it.'],
  ReservedPortsDocument: [documents.reservedPorts, 'As `candle list-reserved-ports --json` prints it.'],
  ReleasedPortsDocument: [documents.releasedPorts, 'As `candle release-ports --json` prints it.'],
  PortOwnerDocument: [documents.portOwner, 'A process that listens on a port. Times are ISO 8601, UTC.'],
  PortCheckDocument: [documents.portCheck, 'Whether a service listens on its reserved port.'],
  PortsDocument: [
    documents.listenedPorts,
    'The ports that services currently listen on, as `candle list-ports --json` prints them.',
  ],
  ServiceDocument: [documents.service, 'One service, as `candle list --json` prints it. Times are ISO 8601, UTC.'],
  StartedDocument: [documents.startedService, 'A service that was started, as `candle start --json` prints it.'],
  StartDocument: [documents.startedServices, 'The result of a start, as `candle start --json` prints it.'],
  KilledDocument: [documents.killedService, 'The result of stopping a service, as `candle kill --json` prints it.'],
  ReadyDocument: [documents.readyService, 'A service that is ready, as `candle wait-for-ready --json` prints it.'],
  LogsDocument: [
    documents.logs,
    'The output of services, as `candle logs --json` prints it, without escape sequences.',
  ],
  LogEntryDocument: [
    documents.logEntry,
    'A line that a service printed, or an event of its run. Times are ISO 8601, UTC, and null if unknown.',
  ],
};

export function pluginTypes() {
  const schemas = jsonSchemas(Object.fromEntries(Object.entries(types).map(([name, [schema]]) => [name, schema])));
  const declarations = Object.entries(types).map(([name, [, description]]) => {
    const type = renderType(schemas[name], style);
    const declaration = type.startsWith('{') ? `interface ${name} ${type}` : `type ${name} =${type};`;
    return `${docComment(description, '')}\nexport ${declaration}\n`;
  });
  return `// Generated from packages/documents by \`pnpm run docs\`; do not edit.\n\n${declarations.join('\n')}`;
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
