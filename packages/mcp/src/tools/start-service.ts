import { z } from 'zod';
import { startServices } from '../call/started.ts';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { wait } from '../schemas/seconds.ts';
import { startedServices } from '../schemas/service.ts';
import { defineTool } from '../tool.ts';

export const startService = defineTool({
  name: 'StartService',
  useCase: 'start',
  title: 'Start a service',
  description:
    'Starts a configured service in the background, with PORT set to its reserved port, and waits until it is ready (a few seconds at most, or as set by wait). If the service is already running, it is stopped and started again; to leave it alone, use CheckStartService. Services that it depends on are started first if they are not running. The service keeps running after this server exits; to stop it, use KillService. If the service fails to start, the error contains its last lines of output.',
  input: z.strictObject({
    name: serviceName('Service to start.'),
    move: z
      .boolean()
      .optional()
      .describe('First reserve another port for it, for example because another process uses its port.'),
    wait,
    projectDir,
  }),
  output: startedServices,
  async run(context, { name, move, wait, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    return startServices(context, { what: `'${name}'`, wait }, ({ start, supervision }, options) =>
      start(supervision, { projectDir: dir, names: [name], move, ...options }),
    );
  },
});
