import { parsePort, releasePorts as release, releasedPortsDocument } from '@candle/core';
import { z } from 'zod';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { port, portInput } from '../schemas/reserved-port.ts';
import { defineTool } from '../tool.ts';

export const releasePorts = defineTool({
  name: 'ReleasePorts',
  useCase: 'release-ports',
  title: 'Release reserved ports',
  description:
    'Releases the port of one service, or one port by its number. Without serviceName and port, releases ALL reserved ports of the project. Does not affect running services.',
  input: z
    .strictObject({
      serviceName: serviceName('Release the port of this service.').optional(),
      port: portInput('Release this port.').optional(),
      projectDir,
    })
    .refine(
      (input) => input.serviceName === undefined || input.port === undefined,
      'serviceName cannot be combined with port',
    ),
  output: z.object({
    releasedCount: z.int(),
    releasedPort: port.optional().describe('Only present if serviceName or port was given.'),
    serviceName: z.string().nullable().optional(),
    projectDir: z.string(),
  }),
  async run(context, { serviceName, port, ...rest }) {
    const portNumber = port === undefined ? undefined : parsePort(String(port));
    const dir = await context.findProjectDir(rest, { allowNew: true });
    const released = await release(context.candle(), { projectDir: dir, serviceName, port: portNumber });
    return releasedPortsDocument(dir, released, serviceName !== undefined || portNumber !== undefined);
  },
});
