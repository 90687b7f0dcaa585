import { z } from 'zod';
import { listInput } from '../schemas/input-fields.ts';
import { isoTime } from '../schemas/iso-time.ts';
import { portOwner, projectContext, reservedPort } from '../schemas/reserved-port.ts';
import { defineTool } from '../tool.ts';

export const listReservedPorts = defineTool({
  name: 'ListReservedPorts',
  useCase: 'list-reserved-ports',
  title: 'List reserved ports',
  description:
    'Lists the reserved ports of the project, newest first, and other processes that listen on the port of a service (conflicts).',
  input: listInput('the ports'),
  output: z.object({
    ports: z.array(
      reservedPort.extend({
        reservedAt: isoTime,
        branch: projectContext.branch,
        directoryGone: projectContext.directoryGone,
        conflicts: z
          .array(portOwner)
          .describe("Processes that listen on a service's port without belonging to the service; usually empty."),
      }),
    ),
  }),
  async run(context, input) {
    const dir = input.showAll ? undefined : await context.findProjectDir(input, { allowNew: true });
    const { listReservedPorts, reservedPortsDocument, supervision } = await context.supervise();
    return reservedPortsDocument(await listReservedPorts(supervision, { projectDir: dir }));
  },
});
