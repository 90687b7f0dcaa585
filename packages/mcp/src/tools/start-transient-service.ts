import { startedServices } from '@candle/documents';
import * as v from 'valibot';
import { startServices } from '../call/started.ts';
import { configuredPort, projectDir, serviceName, serviceRoot, serviceShell, wait } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const startTransientService = defineTool({
  name: 'StartTransientService',
  useCase: 'start',
  title: 'Start a command as a service, without configuring it',
  description:
    'Runs a command in the background under a name, with PORT set to the port reserved for that name, and keeps its output. Use it for commands that you need only once; to configure a service permanently, use AddServerConfig. If a transient service with that name is running, it is stopped first. Fails if .candle.json has a service with that name: in that case, use StartService.',
  input: v.object({
    name: serviceName('Name of the service, for use with other tools.'),
    shell: serviceShell,
    root: v.optional(serviceRoot),
    port: v.optional(
      configuredPort(
        'Port to reserve for it if it has none: auto, or a number. If that port is not available, the next free port after it is reserved.',
      ),
    ),
    wait,
    projectDir,
  }),
  output: startedServices,
  async run(context, { name, shell, root, port, wait, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: true });
    return startServices(context, { what: `'${name}'`, wait }, ({ start, supervision }, options) =>
      start(supervision, {
        projectDir: dir,
        names: [name],
        transient: { shell, root, port },
        ...options,
      }),
    );
  },
});
