import { parsePort } from '@candle/core';
import { z } from 'zod';
import { isoTime } from '../schemas/iso-time.ts';
import { port, portInput, portOwner, projectContext } from '../schemas/reserved-port.ts';
import { defineTool } from '../tool.ts';

export const whoHasPort = defineTool({
  name: 'WhoHasPort',
  useCase: 'who-has',
  title: 'Show who uses a port',
  description:
    'Shows who listens on a port (process, command line, directory, user, and the service and project it belongs to), which service the port is reserved for, and which commands resolve a conflict. If a port is in use, call this before stopping anything: the process may be a service of another project.',
  input: z.strictObject({ port: portInput('Port number.') }),
  output: z.object({
    port,
    free: z.boolean().describe('True if no process listens on it and it is not reserved.'),
    owners: z.array(portOwner).describe('The processes that listen on it, oldest first.'),
    reservation: z
      .object({
        serviceName: z.string().nullable().describe('Null for a port that is reserved for the project itself.'),
        ...projectContext,
        reservedAt: isoTime,
        status: z.string().nullable().describe('Status of its service, as in ListServices.'),
      })
      .nullable(),
    containers: z
      .array(z.object({ name: z.string(), image: z.string() }))
      .describe('Docker containers that publish the port, if Docker responds quickly enough.'),
    advice: z
      .array(z.object({ command: z.string().describe('Command to paste into a shell.'), purpose: z.string() }))
      .describe(
        'Possible actions, least invasive first. Let the user decide before you stop a process that you did not start.',
      ),
  }),
  async run(context, input) {
    const portNumber = parsePort(String(input.port));
    const { whoHas, portReportDocument, supervision } = await context.supervise();
    return portReportDocument(await whoHas(supervision, { port: portNumber }));
  },
});
