import { z } from 'zod';
import { startServices } from '../call/started.ts';
import { configuredPort } from '../schemas/configured-port.ts';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { wait } from '../schemas/seconds.ts';
import { serviceRoot, serviceShell, startedServices } from '../schemas/service.ts';
import { defineTool } from '../tool.ts';

export const startTransientService = defineTool({
  name: 'StartTransientService',
  useCase: 'start',
  title: 'Start a command as a service, without configuring it',
  description:
    'Runs a command in the background under a name, with PORT set to the port that is reserved for that name, and keeps its output: for something that is needed once. One of that name that runs is ended first. Fails when .candle.json has a service of that name: that is what StartService is for. AddServerConfig writes a service down for good.',
  input: z.strictObject({
    name: serviceName('Name to see and stop it by.'),
    shell: serviceShell,
    root: serviceRoot.optional(),
    port: configuredPort
      .optional()
      .describe(
        'Port to reserve for it, if it has none: auto, or a number; when that is not to be had, the next free one behind it.',
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
