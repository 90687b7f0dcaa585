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
    'Lists the ports that the processes of services really listen on now, which may be others than the reserved ones. A service that listens on nothing is not listed.',
  input: z
    .strictObject({ showAll, serviceName: serviceName('Only of this service.').optional(), projectDir })
    .refine(...refuseBoth('projectDir'))
    .refine(...refuseBoth('serviceName')),
  output: z.object({
    ports: z.array(
      z.object({
        serviceName: z.string(),
        projectDir: z.string(),
        port,
        addresses: z.array(z.string()).describe('0.0.0.0 and :: stand for all of their family.'),
        pid: z.int(),
        command: z.string(),
        reserved: z.boolean().describe('It is the one that is reserved for the service.'),
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
