import { parsePort } from '@candle/core';
import { z } from 'zod';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { portInput } from '../schemas/reserved-port.ts';
import { serviceKey } from '../schemas/service.ts';
import { defineTool } from '../tool.ts';

export const killService = defineTool({
  name: 'KillService',
  useCase: 'kill',
  title: 'Stop a service',
  description:
    'Stops a service and its whole process tree. Its port is free when the call returns, and stays reserved for the service. If the service is not running, cancels a pending restart. With port: stops the service of the project that listens on that port; any other process on the port is reported and left running.',
  input: z
    .strictObject({
      name: serviceName('Service to stop.').optional(),
      port: portInput('Stop the service that listens on this port.').optional(),
      projectDir,
    })
    .refine(
      (input) => (input.name === undefined) !== (input.port === undefined),
      'either name or port is required, but not both',
    ),
  output: z.object({
    services: z.array(
      z.object({
        ...serviceKey,
        stopped: z.boolean().describe('False if it was not running.'),
        restartCancelled: z.boolean().describe('True if this call cancelled a pending restart by its restart policy.'),
        forced: z.boolean().describe('True if it did not exit in time and was killed.'),
        leftRunning: z
          .array(z.object({ pid: z.int(), command: z.string() }))
          .describe('Processes that it opened for the user, for example a browser.'),
        stopCommandProblem: z
          .string()
          .nullable()
          .describe('Why its stopCommand failed; the service is stopped anyway. Null if it did not fail.'),
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
