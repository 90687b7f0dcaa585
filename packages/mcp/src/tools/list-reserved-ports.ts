import { z } from 'zod';
import { listInput } from '../schemas/input-fields.ts';
import { isoTime } from '../schemas/iso-time.ts';
import { place, portOwner, reservedPort } from '../schemas/reserved-port.ts';
import { defineTool } from '../tool.ts';

export const listReservedPorts = defineTool({
  name: 'ListReservedPorts',
  useCase: 'list-reserved-ports',
  title: 'List reserved ports',
  description:
    'Lists the reserved ports of the project, newest first, and who holds one of them without belonging to its service.',
  input: listInput('the ports'),
  output: z.object({
    ports: z.array(
      reservedPort.extend({
        reservedAt: isoTime,
        branch: place.branch,
        directoryGone: place.directoryGone,
        conflicts: z
          .array(portOwner)
          .describe("Who listens on a service's port without belonging to the service; empty as a rule."),
      }),
    ),
  }),
  async run(context, input) {
    const dir = input.showAll ? undefined : await context.findProjectDir(input, { allowNew: true });
    const { listReservedPorts, reservedPortsDocument, supervision } = await context.supervise();
    return reservedPortsDocument(await listReservedPorts(supervision, { projectDir: dir }));
  },
});
