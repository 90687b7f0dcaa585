import { completeCommand, completeService } from './completion.ts';
import { concurrentReservePort } from './concurrent-reserve-port.ts';
import { copyDatabase } from './copy-database.ts';
import type { Figure } from './figure.ts';
import { exhausted, reserveIn61000 } from './full-database.ts';
import { getReservedPort } from './get-reserved-port.ts';
import { killHundred, psHundred, startHundred } from './hundred-services.ts';
import { kill } from './kill.ts';
import { list, logs, ps, url } from './list.ts';
import { logsOfLong } from './logs-of-long.ts';
import { mcpFirstCall, mcpHundredCalls, mcpMemory } from './mcp.ts';
import { mcpLogs } from './mcp-logs.ts';
import { idleCpu, memoryFigures } from './memory.ts';
import { addedByPlugins, helpWithPlugins, pluginCommand } from './plugins.ts';
import { reservePort } from './reserve-port.ts';
import { startToHttp } from './start-to-http.ts';
import { throughputInBlocks, throughputInLines } from './throughput.ts';
import { upThree } from './up.ts';
import { help, version } from './version.ts';
import { waitForLog } from './wait-for-log.ts';
import { watchCold, watchHot } from './watch.ts';
import { whoHas } from './who-has.ts';

/** All figures, in the order of the report. */
export const figures: readonly Figure[] = [
  getReservedPort,
  reservePort,
  list,
  ps,
  url,
  logs,
  whoHas,
  version,
  help,
  completeCommand,
  completeService,
  addedByPlugins,
  helpWithPlugins,
  pluginCommand,
  concurrentReservePort,
  copyDatabase,
  reserveIn61000,
  exhausted,
  startToHttp,
  upThree,
  kill,
  watchHot,
  watchCold,
  waitForLog,
  logsOfLong,
  mcpFirstCall,
  mcpHundredCalls,
  mcpLogs,
  mcpMemory,
  throughputInLines,
  throughputInBlocks,
  ...memoryFigures,
  idleCpu,
  startHundred,
  psHundred,
  killHundred,
];
