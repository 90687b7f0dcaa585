import { startedServices } from '@candle/documents';
import * as v from 'valibot';
import { startServices } from '../call/started.ts';
import { projectDir, serviceName, wait } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const restartService = defineTool({
  name: 'RestartService',
  useCase: 'restart',
  title: 'Restart services',
  description:
    'Stops a service and starts it with its current configuration. A service that is not running is started. Without name: all running services of the project.',
  input: v.object({
    name: v.optional(serviceName('Service to restart. If omitted, all running services.')),
    wait,
    projectDir,
  }),
  output: startedServices,
  async run(context, { name, wait, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const names = name === undefined ? [] : [name];
    return startServices(
      context,
      { what: name === undefined ? 'the running services' : `'${name}'`, wait },
      ({ restart, supervision }, options) => restart(supervision, { projectDir: dir, names, ...options }),
    );
  },
});
