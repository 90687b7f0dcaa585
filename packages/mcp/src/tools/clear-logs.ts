import { clearLogs as clear } from '@candle/core';
import { clearedLogs } from '@candle/documents';
import * as v from 'valibot';
import { projectDir, serviceName } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const clearLogs = defineTool({
  name: 'ClearLogs',
  useCase: 'clear-logs',
  title: 'Delete the output of services',
  description:
    'Permanently deletes the output that a service has printed so far; a running service keeps running. Without name: deletes the output of ALL services of the project. To read only new output, use the cursor of GetLogs instead, which does not delete anything.',
  input: v.object({
    name: v.optional(serviceName('Service whose output to delete. If omitted, all services of the project.')),
    projectDir,
  }),
  output: clearedLogs,
  async run(context, { name, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    return { services: await clear(context.candle(), { projectDir: dir, names: name === undefined ? [] : [name] }) };
  },
});
