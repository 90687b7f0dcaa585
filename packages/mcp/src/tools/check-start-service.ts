import { startedServices } from '@candle/documents';
import * as v from 'valibot';
import { startServices } from '../call/started.ts';
import { projectDir, serviceName, wait } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const checkStartService = defineTool({
  name: 'CheckStartService',
  useCase: 'check-start',
  title: 'Start a service unless it is running',
  description:
    'Makes sure that a configured service is running: starts it if it is not running, waits for it if it is starting, and leaves it alone if it is running. Safe to call at any time, even several times in parallel. Without name: all services of the project with autostart.',
  input: v.object({
    name: v.optional(
      serviceName('Service that must be running. If omitted, all services except those with "autostart": false.'),
    ),
    wait,
    projectDir,
  }),
  output: startedServices,
  async run(context, { name, wait, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const names = name === undefined ? [] : [name];
    return startServices(
      context,
      { what: name === undefined ? 'the services' : `'${name}'`, wait },
      ({ checkStart, supervision }, options) => checkStart(supervision, { projectDir: dir, names, ...options }),
    );
  },
});
