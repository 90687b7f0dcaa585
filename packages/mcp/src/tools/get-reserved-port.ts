import { getReservedPort as get, reservedPortDocument } from '@candle/core';
import { reservedPort } from '@candle/documents';
import * as v from 'valibot';
import { projectDir, serviceName } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const getReservedPort = defineTool({
  name: 'GetReservedPort',
  useCase: 'get-reserved-port',
  title: 'Get a reserved port',
  description: 'Returns the reserved port of a service. Fails if the service has none.',
  input: v.object({ serviceName: serviceName('Service whose port to return.'), projectDir }),
  output: reservedPort,
  async run(context, input) {
    const dir = await context.findProjectDir(input, { allowNew: true });
    return reservedPortDocument(await get(context.candle(), { projectDir: dir, serviceName: input.serviceName }));
  },
});
