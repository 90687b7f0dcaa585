import { z } from 'zod';
import { startServices } from '../call/started.ts';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { wait } from '../schemas/seconds.ts';
import { startedServices } from '../schemas/service.ts';
import { defineTool } from '../tool.ts';

export const checkStartService = defineTool({
  name: 'CheckStartService',
  useCase: 'check-start',
  title: 'Start a service unless it runs',
  description:
    'Sees to it that a configured service runs: starts it when it does not, waits for one that is just starting, replaces one that has died, and leaves one that runs as it is. Safe to call at any time, also many at once. Without name: all services of the project that start by themselves.',
  input: z.strictObject({
    name: serviceName('Service that has to run. Left out, all that start by themselves.').optional(),
    wait,
    projectDir,
  }),
  output: startedServices,
  async run(context, { name, wait, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const names = name === undefined ? [] : [name];
    return startServices(
      context,
      { what: name === undefined ? 'the services' : `'${name}'`, wait },
      ({ checkStart, supervision }, options) => checkStart(supervision, { projectDir: dir, names, ...options }),
    );
  },
});
