import { listReservedPorts as list, reservedPortsDocument } from '@candle/core';
import { z } from 'zod';
import { listInput } from '../schemas/input-fields.ts';
import { reservedPort } from '../schemas/reserved-port.ts';
import { isoTime } from '../schemas/service.ts';
import { defineTool } from '../tool.ts';

export const listReservedPorts = defineTool({
  name: 'ListReservedPorts',
  useCase: 'list-reserved-ports',
  title: 'List reserved ports',
  description: 'Lists the reserved ports of the project, newest first.',
  input: listInput('the ports'),
  output: z.object({ ports: z.array(reservedPort.extend({ reservedAt: isoTime })) }),
  async run(context, input) {
    const dir = input.showAll ? undefined : await context.findProjectDir(input, { allowNew: true });
    return reservedPortsDocument(await list(context.candle(), { projectDir: dir }));
  },
});
