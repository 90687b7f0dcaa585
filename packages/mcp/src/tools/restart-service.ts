import { z } from 'zod';
import { startServices } from '../call/started.ts';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { wait } from '../schemas/seconds.ts';
import { startedServices } from '../schemas/service.ts';
import { defineTool } from '../tool.ts';

export const restartService = defineTool({
  name: 'RestartService',
  useCase: 'restart',
  title: 'Restart services',
  description:
    'Stops a service and starts it with the configuration as it is now; one that does not run is started. Without name: all services of the project that run.',
  input: z.strictObject({
    name: serviceName('Service to restart. Left out, all that run.').optional(),
    wait,
    projectDir,
  }),
  output: startedServices,
  async run(context, { name, wait, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const names = name === undefined ? [] : [name];
    return startServices(
      context,
      { what: name === undefined ? 'what runs' : `'${name}'`, wait },
      ({ restart, supervision }, options) => restart(supervision, { projectDir: dir, names, ...options }),
    );
  },
});
