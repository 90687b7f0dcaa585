import { claimedPortDocument, parsePort, reservablePortHint, reservePort as reserve } from '@candle/core';
import { claimedPort } from '@candle/documents';
import * as v from 'valibot';
import { portNumber, projectDir, serviceName } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

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
    const dir = await context.findProjectDir({ projectDir }, { allowNew: true });
    return claimedPortDocument(await reserve(context.candle(), { projectDir: dir, serviceName, port: portNumber }));
  },
});
