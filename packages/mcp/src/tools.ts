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
