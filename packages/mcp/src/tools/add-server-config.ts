import { addedServiceDocument, addService } from '@candle/core';
import { addedService } from '@candle/documents';
import * as v from 'valibot';
import { configuredPort, projectDir, serviceName, serviceRoot, serviceShell } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const addServerConfig = defineTool({
  name: 'AddServerConfig',
  useCase: 'add-service',
  title: 'Add a service to .candle.json',
  description:
    'Adds a service to the .candle.json of the project, and creates the file if necessary. Comments and other content are preserved. Does not start the service: to start it, use StartService. Fails if a service with that name already exists.',
  input: v.object({
    name: serviceName('Name of the new service.'),
    shell: serviceShell,
    root: v.optional(serviceRoot),
    port: v.optional(configuredPort('Port to reserve at the first start: auto, or a preferred port.')),
    projectDir,
  }),
  output: addedService,
  async run(context, { projectDir, ...service }) {
    const dir = await context.findProjectDir({ projectDir }, { allowNew: true });
    return addedServiceDocument(service, await addService(dir, service));
  },
});
