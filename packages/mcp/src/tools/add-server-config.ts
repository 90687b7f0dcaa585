import { addedServiceDocument, addService } from '@candle/core';
import { z } from 'zod';
import { configuredPort } from '../schemas/configured-port.ts';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { serviceRoot, serviceShell } from '../schemas/service.ts';
import { defineTool } from '../tool.ts';

const portPreference = configuredPort.describe('Port to reserve at the first start: auto, or a preferred port.');

export const addServerConfig = defineTool({
  name: 'AddServerConfig',
  useCase: 'add-service',
  title: 'Add a service to .candle.json',
  description:
    'Adds a service to the .candle.json of the project, and creates the file if necessary. Comments and other content are preserved. Does not start the service: to start it, use StartService. Fails if a service with that name already exists.',
  input: z.strictObject({
    name: serviceName('Name of the new service.'),
    shell: serviceShell,
    root: serviceRoot.optional(),
    port: portPreference.optional(),
    projectDir,
  }),
  output: z.object({
    name: z.string(),
    shell: z.string(),
    root: z.string().nullable(),
    port: portPreference.nullable(),
    path: z.string().describe('Path of the file.'),
    created: z.boolean().describe('True if the file was created.'),
  }),
  async run(context, { projectDir, ...service }) {
    const dir = await context.findProjectDir({ projectDir }, { allowNew: true });
    return addedServiceDocument(service, await addService(dir, service));
  },
});
