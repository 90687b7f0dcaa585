import { parsePort } from '@candle/core';
import { z } from 'zod';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { askedPort } from '../schemas/reserved-port.ts';
import { serviceKey } from '../schemas/service.ts';
import { defineTool } from '../tool.ts';

export const killService = defineTool({
  name: 'KillService',
  useCase: 'kill',
  title: 'Stop a service',
  description:
    'Stops a service with its whole process tree; its port is free again when this returns. Its reservation stays. Nothing happens when it does not run. By port: the service of the project that listens there; whoever else does is named and left alone.',
  input: z
    .strictObject({
      name: serviceName('Service to stop.').optional(),
      port: askedPort('Stop the service that listens on this port.').optional(),
      projectDir,
    })
    .refine(
      (input) => (input.name === undefined) !== (input.port === undefined),
      'give either name or port, and not both',
    ),
  output: z.object({
    services: z.array(
      z.object({
        ...serviceKey,
        stopped: z.boolean().describe('False when it was not running.'),
        restartCancelled: z.boolean().describe('It was about to be started again by its policy, and now is not.'),
        forced: z.boolean().describe('It did not end by itself in time.'),
        leftRunning: z
          .array(z.object({ pid: z.int(), command: z.string() }))
          .describe('Processes that it had opened for the person, such as a browser.'),
        stopCommandProblem: z
          .string()
          .nullable()
          .describe('Why its stopCommand failed, which hinders nothing; null when all is well.'),
      }),
    ),
  }),
  async run(context, input) {
    const port = input.port === undefined ? undefined : parsePort(String(input.port));
    const names = input.name === undefined ? [] : [input.name];
    const dir = await context.findProjectDir(input, { allowNew: false });
    const { kill, killedDocument, throwFailures, supervision, onWaiting } = await context.supervise();
    const outcomes = await kill(supervision, { projectDir: dir, names, port, onWaiting });
    throwFailures(outcomes);
    return { services: outcomes.done.map(killedDocument) };
  },
});
