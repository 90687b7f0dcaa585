import { restart, startedDocument, throwFailures } from '@candle/supervisor';
import { z } from 'zod';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { startedServices } from '../schemas/service.ts';
import { changes, defineTool } from '../tool.ts';

export const restartService = defineTool({
  name: 'RestartService',
  title: 'Restart services',
  description:
    'Stops a service and starts it with the configuration as it is now; one that does not run is started. Without name: all services of the project that run.',
  annotations: changes({ destructive: true, idempotent: false }),
  input: z.strictObject({
    name: serviceName('Service to restart. Left out, all that run.').optional(),
    projectDir,
  }),
  output: startedServices,
  async run(context, input) {
    const dir = await context.findProjectDir(input, { allowNew: false });
    const names = input.name === undefined ? [] : [input.name];
    const outcomes = await restart(await context.supervise(), { projectDir: dir, names });
    throwFailures(outcomes);
    return { services: outcomes.done.map(startedDocument) };
  },
});
