import { reservedPorts } from '@candle/documents';
import { listInput } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const listReservedPorts = defineTool({
  name: 'ListReservedPorts',
  useCase: 'list-reserved-ports',
  title: 'List reserved ports',
  description:
    'Lists the reserved ports of the project, newest first, and other processes that listen on the port of a service (conflicts).',
  input: listInput('the ports'),
  output: reservedPorts,
  async run(context, input) {
    const dir = input.showAll ? undefined : await context.findProjectDir(input, { allowNew: true });
    const { listReservedPorts, reservedPortsDocument, supervision } = await context.supervise();
    return reservedPortsDocument(await listReservedPorts(supervision, { projectDir: dir }));
  },
});
