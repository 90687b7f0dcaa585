import { parsePort, releasePorts as release, releasedPortsDocument } from '@candle/core';
import { z } from 'zod';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { askedPort, port } from '../schemas/reserved-port.ts';
import { defineTool } from '../tool.ts';

export const releasePorts = defineTool({
  name: 'ReleasePorts',
  useCase: 'release-ports',
  title: 'Release reserved ports',
  description:
    'Gives back the port of one service, or one port by its number, or, with neither given, ALL ports that the project has reserved. Running services are not touched.',
  input: z
    .strictObject({
      serviceName: serviceName('Release the port of this service.').optional(),
      port: askedPort('Release this port.').optional(),
      projectDir,
    })
    .refine(
      (input) => input.serviceName === undefined || input.port === undefined,
      'serviceName and port were both given, name one of them',
    ),
  output: z.object({
    releasedCount: z.int(),
    releasedPort: port.optional().describe('When one was named.'),
    serviceName: z.string().nullable().optional(),
    projectDir: z.string(),
  }),
  async run(context, { serviceName, port, ...rest }) {
    const asked = port === undefined ? undefined : parsePort(String(port));
    const dir = await context.findProjectDir(rest, { allowNew: true });
    const released = await release(context.candle(), { projectDir: dir, serviceName, port: asked });
    return releasedPortsDocument(dir, released, serviceName !== undefined || asked !== undefined);
  },
});
