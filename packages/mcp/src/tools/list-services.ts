import { services } from '@candle/documents';
import { listInput } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const listServices = defineTool({
  name: 'ListServices',
  useCase: 'list',
  title: 'List services',
  description:
    'Lists the services of the project, running or not: status, PID, port, whether it listens on that port (portCheck), command, directory, and how the last run ended.',
  input: listInput('the services'),
  output: services,
  async run(context, input) {
    const dir = input.showAll ? undefined : await context.findProjectDir(input, { allowNew: false });
    const { list, serviceDocument, supervision } = await context.supervise();
    const { services } = await list(supervision, { projectDir: dir, names: [] });
    return { services: services.map(serviceDocument) };
  },
});
