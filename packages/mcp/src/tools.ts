import { type Effect, effects, type UseCaseName, useCaseEffects } from '@candle/core/use-cases';
import { clientSchema, type Tool } from './tool.ts';
import { clearLogs, getLogs, waitForLog } from './tools/log-tools.ts';
import {
  getOrReservePort,
  getReservedPort,
  listPorts,
  listReservedPorts,
  releasePorts,
  reservePort,
  whoHasPort,
} from './tools/port-tools.ts';
import { addServerConfig, down, killService, listServices, openBrowser, sendInput } from './tools/service-tools.ts';
import {
  checkStartService,
  restartService,
  startService,
  startTransientService,
  up,
  waitForReady,
} from './tools/start-tools.ts';
import { useCaseErrors } from './use-case-errors.ts';

/** All tools of the server, in the order in which clients list them. */
export const tools: readonly Tool[] = [
  reservePort,
  getReservedPort,
  getOrReservePort,
  releasePorts,
  listReservedPorts,
  addServerConfig,
  listServices,
  up,
  down,
  checkStartService,
  startService,
  startTransientService,
  restartService,
  killService,
  waitForReady,
  waitForLog,
  getLogs,
  clearLogs,
  sendInput,
  listPorts,
  whoHasPort,
  openBrowser,
];

/** The use cases that no tool provides, and why. */
export const useCasesWithoutTool: Readonly<Partial<Record<UseCaseName, string>>> = {
  'remove-service':
    'An agent can edit .candle.json like any other file; only adding a service is common enough for a tool.',
  init: 'An agent runs candle init, which shows what it would write, and then candle up --yes.',
  'setup-project': 'AddServerConfig creates the file if it does not exist.',
  overview: 'ListServices returns the same facts about all services.',
  url: 'ListServices returns the URLs of all services.',
  watch: 'It never exits; an agent continues from the cursor of GetLogs, or waits with WaitForLog.',
  env: 'An environment can contain secrets, and tool results are sent to the model provider; an agent runs the command instead.',
  exec: 'An agent runs the command directly, because it needs the output and the exit code.',
  doctor: 'The problems that it finds are for the user to fix.',
  trust: 'It lets the configuration of another user run commands, which is for the user to decide.',
  'erase-database': 'It deletes the reservations of every project, which is for the user to decide.',
};

/** A tool as the documentation describes it, from the same declarations that clients receive. */
export interface ToolDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
  readonly useCase: UseCaseName;
  /** Codes of its specific errors. */
  readonly errors: readonly string[];
  /** JSON Schemas. */
  readonly input: object;
  readonly output: object;
}

export function describeTools(): readonly ToolDescription[] {
  return tools.map(({ name, title, description, useCase, input, output }) => ({
    name,
    title,
    description,
    useCase,
    errors: useCaseErrors[useCase],
    effect: effects[useCaseEffects[useCase]],
    input: clientSchema(input),
    output: clientSchema(output),
  }));
}
