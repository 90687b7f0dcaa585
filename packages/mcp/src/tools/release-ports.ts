import { parsePort, releasePorts as release, releasedPortsDocument } from '@candle/core';
import { releasedPorts } from '@candle/documents';
import * as v from 'valibot';
import { portNumber, projectDir, serviceName } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const releasePorts = defineTool({
  name: 'ReleasePorts',
  useCase: 'release-ports',
  title: 'Release reserved ports',
  description:
    'Releases the port of one service, or one port by its number. Without serviceName and port, releases ALL reserved ports of the project. Does not affect running services.',
  input: v.pipe(
    v.object({
      serviceName: v.optional(serviceName('Release the port of this service.')),
      port: v.optional(portNumber('Release this port.')),
      projectDir,
    }),
    v.check(
      (input) => input.serviceName === undefined || input.port === undefined,
      'serviceName cannot be combined with port',
    ),
  ),
  output: releasedPorts,
  async run(context, { serviceName, port, ...rest }) {
    const portNumber = port === undefined ? undefined : parsePort(String(port));
    const dir = await context.findProjectDir(rest, { allowNew: true });
    const released = await release(context.candle(), { projectDir: dir, serviceName, port: portNumber });
    return releasedPortsDocument(dir, released, serviceName !== undefined || portNumber !== undefined);
  },
});
