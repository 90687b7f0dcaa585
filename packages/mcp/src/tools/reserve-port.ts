import { claimedPortDocument, parsePort, reservePort as reserve } from '@candle/core';
import { z } from 'zod';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { askedPort, claimedPort } from '../schemas/reserved-port.ts';
import { defineTool } from '../tool.ts';

export const reservePort = defineTool({
  name: 'ReservePort',
  useCase: 'reserve-port',
  title: 'Reserve a port',
  description:
    'Reserves an unused port (the next free one of 4000 to 65535, or the one that is asked for) for a service or, without serviceName, for the project itself. It stays reserved until it is released, and the service gets it as PORT. Fails when the service already has one: GetOrReservePort does not.',
  input: z.strictObject({
    serviceName: serviceName("Service to reserve for. Left out, the port is the project's own.").optional(),
    port: askedPort('Reserve this number, from 1024 on, or none.').optional(),
    projectDir,
  }),
  output: claimedPort,
  async run(context, { serviceName, port, projectDir }) {
    const asked = port === undefined ? undefined : parsePort(String(port));
    const dir = await context.findProjectDir({ projectDir }, { allowNew: true });
    return claimedPortDocument(await reserve(context.candle(), { projectDir: dir, serviceName, port: asked }));
  },
});
