import { start, startedDocument, throwFailures } from '@candle/supervisor';
import { z } from 'zod';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { startedServices } from '../schemas/service.ts';
import { changes, defineTool } from '../tool.ts';

export const startService = defineTool({
  name: 'StartService',
  title: 'Start a service',
  description:
    'Starts a configured service in the background, with PORT set to its reserved port, and waits until it is up (some seconds at most). One that runs is ended and started anew; services that it depends on are started before it when they do not run. It goes on when this server ends: stop it with KillService. When it fails to start, the error has its last lines.',
  // Destructive, as a running one is ended.
  annotations: changes({ destructive: true, idempotent: false }),
  input: z.strictObject({ name: serviceName('Service to start.'), projectDir }),
  output: startedServices,
  async run(context, input) {
    const dir = await context.findProjectDir(input, { allowNew: false });
    const outcomes = await start(await context.supervise(), { projectDir: dir, names: [input.name] });
    throwFailures(outcomes);
    return { services: outcomes.done.map(startedDocument) };
  },
});
