import { logs, logsDocument, parseCount } from '@candle/core';
import { z } from 'zod';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { isoTime, serviceKey } from '../schemas/service.ts';
import { defineTool, readsOnly } from '../tool.ts';

const defaultLimit = 100;

export const getLogs = defineTool({
  name: 'GetLogs',
  title: 'Read the output of a service',
  description:
    'Reads the last lines that a service printed, stdout and stderr together, with marks where a run started and how it ended. Works when it does not run, too.',
  annotations: readsOnly,
  input: z.strictObject({
    name: serviceName('Service whose output is wanted.'),
    limit: z
      .number()
      .meta({ description: `Lines at most; ${defaultLimit} when left out.`, type: 'integer', minimum: 0 })
      .optional(),
    projectDir,
  }),
  output: z.object({
    services: z.array(
      z.object({
        ...serviceKey,
        entries: z
          .array(
            z.discriminatedUnion('kind', [
              z.object({ kind: z.literal('line'), runId: z.string(), text: z.string() }),
              z.object({ kind: z.literal('started'), runId: z.string(), at: isoTime }),
              z.object({
                kind: z.literal('ended'),
                runId: z.string(),
                at: isoTime.nullable(),
                exitCode: z.int().nullable(),
                reason: z.string(),
              }),
            ]),
          )
          .describe('Oldest first.'),
      }),
    ),
  }),
  async run(context, { name, limit = defaultLimit, ...rest }) {
    const count = parseCount(String(limit));
    const dir = await context.findProjectDir(rest, { allowNew: false });
    return logsDocument(await logs(context.candle(), { projectDir: dir, names: [name], count }));
  },
});
