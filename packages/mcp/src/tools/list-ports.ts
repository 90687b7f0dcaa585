import { z } from 'zod';
import { listFields, refuseBoth, serviceName } from '../schemas/input-fields.ts';
import { port } from '../schemas/reserved-port.ts';
import { defineTool } from '../tool.ts';

const { showAll, projectDir } = listFields('the ports');

export const listPorts = defineTool({
  name: 'ListPorts',
  useCase: 'list-ports',
  title: 'List the ports that services listen on',
  description:
    'Lists the ports that the processes of services currently listen on, which may differ from the reserved ports. Services that do not listen on any port are not listed.',
  input: z
    .strictObject({ showAll, serviceName: serviceName('Show only the ports of this service.').optional(), projectDir })
    .refine(...refuseBoth('projectDir'))
    .refine(...refuseBoth('serviceName')),
  output: z.object({
    ports: z.array(
      z.object({
        serviceName: z.string(),
        projectDir: z.string(),
        port,
        addresses: z.array(z.string()).describe('0.0.0.0 and :: mean all addresses of their family.'),
        pid: z.int(),
        command: z.string(),
        reserved: z.boolean().describe('True if the port is reserved for this service.'),
      }),
    ),
  }),
  async run(context, { serviceName, ...input }) {
    const dir = input.showAll ? undefined : await context.findProjectDir(input, { allowNew: false });
    const names = serviceName === undefined ? [] : [serviceName];
    const { listPorts, portsDocument, supervision } = await context.supervise();
    return portsDocument(await listPorts(supervision, { projectDir: dir, names }));
  },
});
