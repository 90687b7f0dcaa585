import { claimedPortDocument, getOrReservePort as getOrReserve } from '@candle/core';
import { gotOrReservedPort } from '@candle/documents';
import * as v from 'valibot';
import { projectDir, serviceName } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const getOrReservePort = defineTool({
  name: 'GetOrReservePort',
  useCase: 'get-or-reserve-port',
  title: 'Get a port, reserving one if needed',
  description:
    'Returns the reserved port of a service, and reserves one if there is none. Concurrent calls all get the same port.',
  input: v.object({ serviceName: serviceName('Service whose port to return.'), projectDir }),
  output: gotOrReservedPort,
  async run(context, input) {
    const dir = await context.findProjectDir(input, { allowNew: true });
    const claim = await getOrReserve(context.candle(), { projectDir: dir, serviceName: input.serviceName });
    return { ...claimedPortDocument(claim), wasReserved: claim.isNew };
  },
});
