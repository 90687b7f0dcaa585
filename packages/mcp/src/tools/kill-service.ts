import { parsePort } from '@candle/core';
import { killedServices } from '@candle/documents';
import * as v from 'valibot';
import { portNumber, projectDir, serviceName } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const killService = defineTool({
  name: 'KillService',
  useCase: 'kill',
  title: 'Stop a service',
  description:
    'Stops a service and its whole process tree. Its port is free when the call returns, and stays reserved for the service. If the service is not running, cancels a pending restart. With port: stops the service of the project that listens on that port; any other process on the port is reported and left running.',
  input: v.pipe(
    v.object({
      name: v.optional(serviceName('Service to stop.')),
      port: v.optional(portNumber('Stop the service that listens on this port.')),
      projectDir,
    }),
    v.check(
      (input) => (input.name === undefined) !== (input.port === undefined),
      'either name or port is required, but not both',
    ),
  ),
  output: killedServices,
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
