import { described, startedServices } from '@candle/documents';
import * as v from 'valibot';
import { startServices } from '../call/started.ts';
import { projectDir, serviceName, wait } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const startService = defineTool({
  name: 'StartService',
  useCase: 'start',
  title: 'Start a service',
  description:
    'Starts a configured service in the background, with PORT set to its reserved port, and waits until it is ready (a few seconds at most, or as set by wait). If the service is already running, it is stopped and started again; to leave it alone, use CheckStartService. Services that it depends on are started first if they are not running. The service keeps running after this server exits; to stop it, use KillService. If the service fails to start, the error contains its last lines of output.',
  input: v.object({
    name: serviceName('Service to start.'),
    move: v.optional(
      described(v.boolean(), 'First reserve another port for it, for example because another process uses its port.'),
    ),
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
