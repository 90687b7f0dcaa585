import { concurrentReservePort } from './concurrent-reserve-port.ts';
import type { Figure } from './figure.ts';
import { exhausted, reserveIn61000 } from './full-ledger.ts';
import { getReservedPort } from './get-reserved-port.ts';
import { list } from './list.ts';
import { reservePort } from './reserve-port.ts';
import { startToHttp } from './start-to-http.ts';
import { version } from './version.ts';

/** In the order of the report. */
export const figures: readonly Figure[] = [
  getReservedPort,
  reservePort,
  list,
  version,
  concurrentReservePort,
  reserveIn61000,
  exhausted,
  startToHttp,
];
