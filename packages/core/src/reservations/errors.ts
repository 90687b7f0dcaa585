import { CandleError } from '../errors/candle-error.ts';
import { quote, showPath } from '../errors/quote.ts';
import { shellWord } from '../services/config/shell-word.ts';
import type { Reservation } from './reservation.ts';

/** A service has at most one reservation. */
export class ServiceAlreadyHasPortError extends CandleError {
  constructor(serviceName: string, { port, projectDir }: Reservation) {
    super({
      code: 'PORT_ALREADY_RESERVED',
      message: `Service ${quote(serviceName)} already has a reserved port: ${port}`,
      hint: `To use it: candle get-reserved-port ${shellWord(serviceName)}. To give it back: candle release-ports ${shellWord(serviceName)}`,
      details: { serviceName, port, projectDir },
    });
  }
}

/** The service has no reservation. */
export class NoReservedPortError extends CandleError {
  constructor(serviceName: string, projectDir: string, nearest: string | undefined) {
    super({
      code: 'PORT_NOT_RESERVED',
      message: `No reserved port found for service ${quote(serviceName)}`,
      hint: nearest ? `Did you mean ${quote(nearest)}?` : `Reserve one: candle reserve-port ${shellWord(serviceName)}`,
      details: { serviceName, projectDir, ...(nearest ? { nearest } : {}) },
    });
  }
}

/** This project does not hold that port. */
export class PortNotReservedHereError extends CandleError {
  constructor(port: number, projectDir: string, owner: Reservation | undefined) {
    super({
      code: 'PORT_NOT_RESERVED_HERE',
      message: owner
        ? `Port ${port} is reserved by another project: ${showPath(owner.projectDir)}`
        : `Port ${port} is not reserved`,
      hint: owner
        ? `To release it there: candle release-ports --port ${port} --project ${shellWord(owner.projectDir)}`
        : 'candle list-reserved-ports',
      details: { port, projectDir, ...(owner ? { owner: owner.projectDir } : {}) },
    });
  }
}

/** The configuration insists on a number, and the service has another one. */
export class StrictPortDiffersError extends CandleError {
  constructor({ port, projectDir, serviceName }: Reservation, wanted: number) {
    const name = serviceName ?? '';
    super({
      code: 'PORT_STRICT_DIFFERS',
      message: `Service ${quote(name)} has port ${port} reserved, and its configuration insists on ${wanted}`,
      hint: `To move it there: candle start ${shellWord(name)} --move`,
      details: { serviceName, projectDir, port, wanted },
    });
  }
}

/** The configuration insists on the number that the service has. */
export class PortNotMovableError extends CandleError {
  constructor({ port, projectDir, serviceName }: Reservation) {
    super({
      code: 'PORT_NOT_MOVABLE',
      message: `Service ${quote(serviceName ?? '')} cannot move: its configuration insists on port ${port}, which it has`,
      hint: 'Take strictPort out of .candle.json, or write another number',
      details: { serviceName, projectDir, port },
    });
  }
}
