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
    'Starts a configured service in the background, with PORT set to its reserved port, and waits until it is up (some seconds at most, or as wait says). One that runs is ended and started anew: CheckStartService leaves it alone. Services that it depends on are started before it when they do not run. It goes on when this server ends: stop it with KillService. When it fails to start, the error has its last lines.',
  input: z.strictObject({
    name: serviceName('Service to start.'),
    move: z
      .boolean()
      .optional()
      .describe('Reserve another port for it first: a way out when somebody else holds its port.'),
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
