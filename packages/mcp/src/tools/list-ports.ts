import { listenedPorts } from '@candle/documents';
import * as v from 'valibot';
import { listFields, refuseBoth, serviceName } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

const { showAll, projectDir } = listFields('the ports');

export const listPorts = defineTool({
  name: 'ListPorts',
  useCase: 'list-ports',
  title: 'List the ports that services listen on',
  description:
    'Lists the ports that the processes of services currently listen on, which may differ from the reserved ports. Services that do not listen on any port are not listed.',
  input: v.pipe(
    v.object({
      showAll,
      serviceName: v.optional(serviceName('Show only the ports of this service.')),
      projectDir,
    }),
    refuseBoth('projectDir'),
    refuseBoth('serviceName'),
  ),
  output: listenedPorts,
  async run(context, { serviceName, ...input }) {
    const dir = input.showAll ? undefined : await context.findProjectDir(input, { allowNew: false });
    const names = serviceName === undefined ? [] : [serviceName];
    const { listPorts, portsDocument, supervision } = await context.supervise();
    return portsDocument(await listPorts(supervision, { projectDir: dir, names }));
  },
});
