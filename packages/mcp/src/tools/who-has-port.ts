import { parsePort } from '@candle/core';
import { portReport } from '@candle/documents';
import * as v from 'valibot';
import { portNumber } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const whoHasPort = defineTool({
  name: 'WhoHasPort',
  useCase: 'who-has',
  title: 'Show who uses a port',
  description:
    'Shows who listens on a port (process, command line, directory, user, and the service and project it belongs to), which service the port is reserved for, and which commands resolve a conflict. If a port is in use, call this before stopping anything: the process may be a service of another project.',
  input: v.object({ port: portNumber('Port number.') }),
  output: portReport,
  async run(context, input) {
    const portNumber = parsePort(String(input.port));
    const { whoHas, portReportDocument, supervision } = await context.supervise();
    return portReportDocument(await whoHas(supervision, { port: portNumber }));
  },
});
