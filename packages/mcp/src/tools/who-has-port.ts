import { parsePort } from '@candle/core';
import { z } from 'zod';
import { isoTime } from '../schemas/iso-time.ts';
import { askedPort, place, port, portOwner } from '../schemas/reserved-port.ts';
import { defineTool } from '../tool.ts';

export const whoHasPort = defineTool({
  name: 'WhoHasPort',
  useCase: 'who-has',
  title: 'Tell who holds a port',
  description:
    'Tells who listens on a port (process, command line, directory, user, the service and project it belongs to), for which service the number is reserved, and which commands end the conflict. Call it when a port is in use, before anything is ended: the holder may be a service of another project.',
  input: z.strictObject({ port: askedPort('Number of the port.') }),
  output: z.object({
    port,
    free: z.boolean().describe('Nobody listens on it, and nobody has reserved it.'),
    owners: z.array(portOwner).describe('The processes that listen on it, oldest first.'),
    reservation: z
      .object({
        serviceName: z.string().nullable().describe('Null for a port of the project itself.'),
        ...place,
        reservedAt: isoTime,
        status: z.string().nullable().describe('Of its service, as in the list of services.'),
      })
      .nullable(),
    containers: z
      .array(z.object({ name: z.string(), image: z.string() }))
      .describe('Containers of Docker that publish it, as far as Docker answers soon.'),
    advice: z
      .array(z.object({ command: z.string().describe('To paste into a shell.'), purpose: z.string() }))
      .describe('What can be done, gentlest first. To end what is not yours is for the person to decide.'),
  }),
  async run(context, input) {
    const asked = parsePort(String(input.port));
    const { whoHas, portReportDocument, supervision } = await context.supervise();
    return portReportDocument(await whoHas(supervision, { port: asked }));
  },
});
