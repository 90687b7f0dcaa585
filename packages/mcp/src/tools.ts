import type { UseCaseName } from '@candle/core';
import type { Tool } from './tool.ts';
import { addServerConfig } from './tools/add-server-config.ts';
import { checkStartService } from './tools/check-start-service.ts';
import { clearLogs } from './tools/clear-logs.ts';
import { getLogs } from './tools/get-logs.ts';
import { getOrReservePort } from './tools/get-or-reserve-port.ts';
import { getReservedPort } from './tools/get-reserved-port.ts';
import { killService } from './tools/kill-service.ts';
import { listPorts } from './tools/list-ports.ts';
import { listReservedPorts } from './tools/list-reserved-ports.ts';
import { listServices } from './tools/list-services.ts';
import { openBrowser } from './tools/open-browser.ts';
import { releasePorts } from './tools/release-ports.ts';
import { reservePort } from './tools/reserve-port.ts';
import { restartService } from './tools/restart-service.ts';
import { sendInput } from './tools/send-input.ts';
import { startService } from './tools/start-service.ts';
import { startTransientService } from './tools/start-transient-service.ts';
import { waitForLog } from './tools/wait-for-log.ts';
import { waitForReady } from './tools/wait-for-ready.ts';
import { whoHasPort } from './tools/who-has-port.ts';

/** All tools of the server, in the order in which clients list them. */
export const tools: readonly Tool[] = [
  reservePort,
  getReservedPort,
  getOrReservePort,
  releasePorts,
  listReservedPorts,
  addServerConfig,
  listServices,
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
  'setup-project': 'AddServerConfig creates the file if it does not exist.',
  watch: 'It never exits; an agent continues from the cursor of GetLogs, or waits with WaitForLog.',
  env: 'An environment can contain secrets, and tool results are sent to the model provider; an agent runs the command instead.',
  exec: 'An agent runs the command directly, because it needs the output and the exit code.',
  doctor: 'The problems that it finds are for the user to fix.',
  'erase-database': 'It deletes the reservations of every project, which is for the user to decide.',
};
