import { parsePort, reservablePortHint } from '@candle/core/ports';
import {
  claimedPortDocument,
  getReservedPort as get,
  getOrReservePort as getOrReserve,
  releasePorts as release,
  releasedPortsDocument,
  reservePort as reserve,
  reservedPortDocument,
} from '@candle/core/reservations';
import {
  claimedPort,
  gotOrReservedPort,
  listenedPorts,
  portReport,
  releasedPorts,
  reservedPort,
  reservedPorts,
} from '@candle/documents';
import * as v from 'valibot';
import { defineTool, listFields, listInput, portNumber, projectDir, refuseBoth, serviceName } from '../tool.ts';

export const reservePort = defineTool({
  name: 'ReservePort',
  useCase: 'reserve-port',
  title: 'Reserve a port',
  description:
    'Reserves an unused port for a service or, without serviceName, for the project itself: the next free port from 4000 to 65535, or the one given as port. It stays reserved until it is released, and the service gets it as PORT. Fails if the service already has a port: use GetOrReservePort to get that port instead.',
  input: v.object({
    serviceName: v.optional(
      serviceName('Service to reserve the port for. If omitted, the port is reserved for the project itself.'),
    ),
    port: v.optional(portNumber('Port to reserve, 1024 or higher. Fails if it is not available.')),
    projectDir,
  }),
  output: claimedPort,
  async run(context, { serviceName, port, projectDir }) {
    const portNumber = port === undefined ? undefined : parsePort(String(port), reservablePortHint);
    const dir = await context.findProjectDir({ projectDir }, { allowNew: true, requireDirectory: true });
    return claimedPortDocument(await reserve(context.candle(), { projectDir: dir, serviceName, port: portNumber }));
  },
});

export const getReservedPort = defineTool({
  name: 'GetReservedPort',
  useCase: 'get-reserved-port',
  title: 'Get a reserved port',
  description: 'Returns the reserved port of a service. Fails if the service has none.',
  input: v.object({ serviceName: serviceName('Service whose port to return.'), projectDir }),
  output: reservedPort,
  async run(context, input) {
    const dir = await context.findProjectDir(input, { allowNew: true });
    return reservedPortDocument(await get(context.candle(), { projectDir: dir, serviceName: input.serviceName }));
  },
});

export const getOrReservePort = defineTool({
  name: 'GetOrReservePort',
  useCase: 'get-or-reserve-port',
  title: 'Get a port, reserving one if needed',
  description:
    'Returns the reserved port of a service, and reserves one if there is none. Concurrent calls all get the same port.',
  input: v.object({ serviceName: serviceName('Service whose port to return.'), projectDir }),
  output: gotOrReservedPort,
  async run(context, input) {
    const dir = await context.findProjectDir(input, { allowNew: true, requireDirectory: true });
    const claim = await getOrReserve(context.candle(), { projectDir: dir, serviceName: input.serviceName });
    return { ...claimedPortDocument(claim), wasReserved: claim.isNew };
  },
});

export const releasePorts = defineTool({
  name: 'ReleasePorts',
  useCase: 'release-ports',
  title: 'Release reserved ports',
  description:
    'Releases the ports of one service, or one port by its name or number. Without serviceName and port, releases ALL reserved ports of the project. Does not affect running services.',
  input: v.pipe(
    v.object({
      serviceName: v.optional(
        serviceName('Release the ports of this service, or only a further one, for example web.HMR_PORT.'),
      ),
      port: v.optional(portNumber('Release this port.')),
      projectDir,
    }),
    v.check(
      (input) => input.serviceName === undefined || input.port === undefined,
      'serviceName cannot be combined with port',
    ),
  ),
  output: releasedPorts,
  async run(context, { serviceName, port, ...rest }) {
    const portNumber = port === undefined ? undefined : parsePort(String(port));
    const dir = await context.findProjectDir(rest, { allowNew: true });
    const selection = { projectDir: dir, serviceName, port: portNumber };
    return releasedPortsDocument(await release(context.candle(), selection), selection);
  },
});

export const listReservedPorts = defineTool({
  name: 'ListReservedPorts',
  useCase: 'list-reserved-ports',
  title: 'List reserved ports',
  description:
    'Lists the reserved ports of the project, newest first, and other processes that listen on the port of a service (conflicts).',
  input: listInput('the ports'),
  output: reservedPorts,
  async run(context, input) {
    const dir = input.showAll ? undefined : await context.findProjectDir(input, { allowNew: true });
    const { listReservedPorts, reservedPortsDocument, supervision } = await context.supervise();
    return reservedPortsDocument(await listReservedPorts(supervision, { projectDir: dir }));
  },
});

const { showAll, projectDir: listedProjectDir } = listFields('the ports');

export const listPorts = defineTool({
  name: 'ListPorts',
  useCase: 'list-ports',
  title: 'List the ports that services listen on',
  description:
    'Lists the ports that the processes of services currently listen on, which may differ from the reserved ports. Services that do not listen on any port are not listed.',
  input: v.pipe(
    v.object({
      showAll,
      serviceName: v.optional(serviceName('Show only the ports of this service.')),
      projectDir: listedProjectDir,
    }),
    refuseBoth('projectDir'),
    refuseBoth('serviceName'),
  ),
  output: listenedPorts,
  async run(context, { serviceName, ...input }) {
    const dir = input.showAll ? undefined : await context.findProjectDir(input, { allowNew: false });
    const names = serviceName === undefined ? [] : [serviceName];
    const { listPorts, portsDocument, supervision } = await context.supervise();
    return portsDocument(await listPorts(supervision, { projectDir: dir, names }));
  },
});

export const whoHasPort = defineTool({
  name: 'WhoHasPort',
  useCase: 'who-has',
  title: 'Show who uses a port',
  description:
    'Shows who listens on a port (process, command line, directory, user, and the service and project it belongs to), which service the port is reserved for, and which commands resolve a conflict. If a port is in use, call this before stopping anything: the process may be a service of another project.',
  input: v.object({ port: portNumber('Port number.') }),
  output: portReport,
  async run(context, input) {
    const portNumber = parsePort(String(input.port));
    const { whoHas, portReportDocument, supervision } = await context.supervise();
    return portReportDocument(await whoHas(supervision, { port: portNumber }));
  },
});
