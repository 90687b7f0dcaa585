import { addedServiceDocument, addService } from '@candle/core';
import { z } from 'zod';
import { configuredPort } from '../schemas/configured-port.ts';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { serviceRoot, serviceShell } from '../schemas/service.ts';
import { defineTool } from '../tool.ts';

const portPreference = configuredPort.describe(
  'Port that is reserved at its first start: auto, or the number that it would like to have.',
);

export const addServerConfig = defineTool({
  name: 'AddServerConfig',
  useCase: 'add-service',
  title: 'Add a service to .candle.json',
  description:
    'Writes a service into .candle.json of the project, which is made when it is missing; comments and everything else in it stay. Starts nothing: StartService does. Fails when there is a service of that name.',
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
    path: z.string().describe('Of the file.'),
    created: z.boolean().describe('The file was not there before.'),
  }),
  async run(context, { projectDir, ...service }) {
    const dir = await context.findProjectDir({ projectDir }, { allowNew: true });
    return addedServiceDocument(service, await addService(dir, service));
  },
});
