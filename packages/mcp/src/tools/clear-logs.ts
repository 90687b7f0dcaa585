import { clearLogs as clear } from '@candle/core';
import { z } from 'zod';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { serviceKey } from '../schemas/service.ts';
import { defineTool } from '../tool.ts';

export const clearLogs = defineTool({
  name: 'ClearLogs',
  useCase: 'clear-logs',
  title: 'Forget the output of services',
  description:
    'Forgets what a service has printed so far, for good; one that runs goes on. Without name: of ALL services of the project. To see only what is new, the cursor of GetLogs is better: it deletes nothing.',
  input: z.strictObject({
    name: serviceName('Service whose output is forgotten. Left out, all of the project.').optional(),
    projectDir,
  }),
  output: z.object({
    services: z.array(z.object({ ...serviceKey, cleared: z.boolean().describe('False when there was nothing.') })),
  }),
  async run(context, { name, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    return { services: await clear(context.candle(), { projectDir: dir, names: name === undefined ? [] : [name] }) };
  },
});
