import { shellWord } from '../config/shell-word.ts';
import { CandleError } from '../errors/candle-error.ts';
import { quote, showPath } from '../errors/quote.ts';
import type { Reservation } from './reservation.ts';

/** A service has at most one reservation. */
export class ServiceAlreadyHasPortError extends CandleError {
  constructor(serviceName: string, { port, projectDir }: Reservation) {
    super({
      code: 'PORT_ALREADY_RESERVED',
      message: `Service ${quote(serviceName)} already has a reserved port: ${port}`,
      hint: `To use it: candle get-reserved-port ${shellWord(serviceName)}. To release it: candle release-ports ${shellWord(serviceName)}`,
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
      hint: nearest
        ? `Did you mean ${quote(nearest)}?`
        : `To reserve one: candle reserve-port ${shellWord(serviceName)}`,
      details: { serviceName, projectDir, ...(nearest ? { nearest } : {}) },
    });
  }
}

/** The port is not reserved by this project. */
export class PortNotReservedHereError extends CandleError {
  constructor(port: number, projectDir: string, owner: Reservation | undefined) {
    super({
      code: 'PORT_NOT_RESERVED_HERE',
      message: owner
        ? `Port ${port} is reserved by another project: ${showPath(owner.projectDir)}`
        : `Port ${port} is not reserved`,
      hint: owner
        ? `To release it: candle release-ports --port ${port} --project ${shellWord(owner.projectDir)}`
        : 'To list the reserved ports: candle list-reserved-ports',
      details: {
        port,
        projectDir,
        ...(owner ? { reservedBy: { projectDir: owner.projectDir, serviceName: owner.serviceName } } : {}),
      },
    });
  }
}

/** The configuration requires a port, but the service has another one reserved. */
export class StrictPortDiffersError extends CandleError {
  constructor({ port, projectDir, serviceName }: Reservation, wanted: number) {
    const name = serviceName ?? '';
    super({
      code: 'PORT_STRICT_DIFFERS',
      message: `Service ${quote(name)} has port ${port} reserved, but its configuration requires ${wanted}`,
      hint: `To move it to port ${wanted}: candle start ${shellWord(name)} --move`,
      details: { serviceName, projectDir, port, wanted },
    });
  }
}

/** The configuration requires the port that the service already has. */
export class PortNotMovableError extends CandleError {
  constructor({ port, projectDir, serviceName }: Reservation) {
    super({
      code: 'PORT_NOT_MOVABLE',
      message: `Service ${quote(serviceName ?? '')} cannot be moved to another port: its configuration requires port ${port}, which it already has`,
      hint: 'Remove strictPort from .candle.json, or set another port',
      details: { serviceName, projectDir, port },
    });
  }
}
