import { addedServiceDocument, addService } from '@candle/core/config';
import { parsePort } from '@candle/core/ports';
import {
  addedService,
  described,
  killedServices,
  openedBrowser,
  sentInput,
  services,
  stoppedServices,
} from '@candle/documents';
import * as v from 'valibot';
import {
  configuredPort,
  defineTool,
  listInput,
  portNumber,
  projectDir,
  serviceName,
  serviceNames,
  serviceRoot,
  serviceShell,
} from '../tool.ts';

export const listServices = defineTool({
  name: 'ListServices',
  useCase: 'list',
  title: 'List services',
  description:
    'Lists the services of the project, running or not: status, PID, port, whether it listens on that port (portCheck), URL, command, directory, and how the last run ended.',
  input: listInput('the services'),
  output: services,
  async run(context, input) {
    const dir = input.showAll ? undefined : await context.findProjectDir(input, { allowNew: false });
    const { list, servicesDocument, supervision } = await context.supervise();
    return servicesDocument(await list(supervision, { projectDir: dir, names: [] }));
  },
});

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
    port: v.optional(
      described(
        v.nullable(configuredPort('auto, or a preferred port.')),
        'Port to reserve at the first start: auto (the default), or a preferred port. null: the service never gets a port.',
      ),
    ),
    tty: v.optional(
      described(
        v.boolean(),
        'true: the service runs in a terminal, for a program that needs one or asks a question at its start. SendInput types into it.',
      ),
    ),
    projectDir,
  }),
  output: addedService,
  async run(context, { projectDir, ...service }) {
    const dir = await context.findProjectDir({ projectDir }, { allowNew: true, requireDirectory: true });
    return addedServiceDocument(service, await addService(context.candle().trust, dir, service));
  },
});

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

export const down = defineTool({
  name: 'Down',
  useCase: 'down',
  title: 'Stop the services of the project',
  description:
    'Stops services and their whole process trees, dependents first: the given ones, or all of the project, configured or not. Also cancels pending restarts. Their ports stay reserved for them; ReleasePorts releases them.',
  input: v.object({
    names: serviceNames('Services to stop. If omitted, all services of the project.'),
    projectDir,
  }),
  output: stoppedServices,
  async run(context, { names = [], ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const { down, downDocument, throwFailures, supervision, onWaiting } = await context.supervise();
    const outcomes = await down(supervision, { projectDir: dir, names, onWaiting });
    throwFailures(outcomes);
    return downDocument(outcomes);
  },
});

export const sendInput = defineTool({
  name: 'SendInput',
  useCase: 'send',
  title: 'Send a line to a service',
  description:
    'Writes a line of text to the stdin of a running service, such as r for a dev server that restarts when it reads r. A configured service accepts input if it has "enableStdin": true or "tty": true in .candle.json; a service started with StartTransientService always does.',
  input: v.object({
    name: serviceName('Service to send to.'),
    text: described(v.string(), 'Text to send; a newline, or the Enter key in a terminal, is added at the end.'),
    projectDir,
  }),
  output: sentInput,
  async run(context, { name, text, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const { send, sentDocument, supervision } = await context.supervise();
    return sentDocument(await send(supervision, { projectDir: dir, name, input: text }));
  },
});

export const openBrowser = defineTool({
  name: 'OpenBrowser',
  useCase: 'open-browser',
  title: 'Open a service in the browser',
  description:
    "Opens a running service in the user's browser: at its reserved port if it listens on it, otherwise at the lowest port that it listens on. Without a display, only returns the URL.",
  input: v.object({
    serviceName: serviceName('Service to open.'),
    named: v.optional(
      described(
        v.boolean(),
        'Under a separate host name, so that other checkouts have other cookies. By default localhost.',
      ),
    ),
    projectDir,
  }),
  output: openedBrowser,
  async run(context, { serviceName, named, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const { openBrowser, supervision } = await context.supervise();
    const { url, opened } = await openBrowser(supervision, { projectDir: dir, name: serviceName, isNamed: named });
    return { url, opened };
  },
});
