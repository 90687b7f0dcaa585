import { CandleError } from '../errors/candle-error.ts';
import { exampleProject, exampleReservation } from '../errors/examples.ts';
import { advise, candle, sentences } from '../errors/hint.ts';
import { quote, showPath } from '../errors/quote.ts';
import type { Reservation, StartVerb } from './reservation.ts';

/** A service has at most one reservation. */
export class ServiceAlreadyHasPortError extends CandleError {
  static readonly code = 'PORT_ALREADY_RESERVED';
  static example() {
    return new ServiceAlreadyHasPortError('api', exampleReservation);
  }

  constructor(serviceName: string, { port, projectDir }: Reservation) {
    super({
      message: `Service ${quote(serviceName)} already has a reserved port: ${port}`,
      hint: sentences(
        advise('To use it', candle('get-reserved-port', serviceName)),
        advise('To release it', candle('release-ports', serviceName)),
      ),
      details: { serviceName, port, projectDir },
    });
  }
}

/** The service has no reservation. */
export class NoReservedPortError extends CandleError {
  static readonly code = 'PORT_NOT_RESERVED';
  static example() {
    return new NoReservedPortError('api', exampleProject, undefined);
  }

  /** @param meant the reservation whose port was given as the name */
  constructor(serviceName: string, projectDir: string, nearest: string | undefined, meant?: Reservation) {
    const toReserve = advise('To reserve one', candle('reserve-port', serviceName));
    const toRelease = advise('To release the port', candle('release-ports', '--port', serviceName));
    super({
      message: `No reserved port found for service ${quote(serviceName)}`,
      hint: meant ? toRelease : nearest ? `Did you mean ${quote(nearest)}?` : toReserve,
      details: { serviceName, projectDir, ...(nearest ? { nearest } : {}) },
    });
  }
}

/** The configuration says that the service never gets a port. */
export class ServiceNeverGetsPortError extends CandleError {
  static readonly code = 'PORT_NEVER_RESERVED';
  static example() {
    return new ServiceNeverGetsPortError('worker', exampleProject);
  }

  constructor(serviceName: string, projectDir: string) {
    super({
      message: `Service ${quote(serviceName)} cannot get a port: its configuration sets "port": null`,
      hint: 'If it listens on a port, set "port": "auto" in .candle.json',
      details: { serviceName, projectDir },
    });
  }
}

/** The port is not reserved by this project. */
export class PortNotReservedHereError extends CandleError {
  static readonly code = 'PORT_NOT_RESERVED_HERE';
  static example() {
    return new PortNotReservedHereError(4000, '/home/ada/blog', exampleReservation);
  }

  constructor(port: number, projectDir: string, owner: Reservation | undefined) {
    super({
      message: owner
        ? `Port ${port} is reserved by another project: ${showPath(owner.projectDir)}`
        : `Port ${port} is not reserved`,
      hint: owner
        ? advise('To release it', candle('release-ports', '--port', String(port), '--project', owner.projectDir))
        : advise('To list the reserved ports', candle('list-reserved-ports')),
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
  static readonly code = 'PORT_STRICT_DIFFERS';
  static example() {
    return new StrictPortDiffersError({ ...exampleReservation, serviceName: 'web' }, 5173);
  }

  /**
   * @param canMove whether a service has the port; no command moves the port of a program that Candle does not start
   * @param verb the command of the user that can move it
   */
  constructor(
    { port, projectDir, serviceName }: Reservation,
    wanted: number,
    { canMove = true, verb = 'start' }: { readonly canMove?: boolean; readonly verb?: StartVerb | undefined } = {},
  ) {
    const name = serviceName ?? '';
    const subject = canMove ? `Service ${quote(name)}` : `Port entry ${quote(name)}`;
    super({
      message: `${subject} has port ${port} reserved, but its configuration requires ${wanted}`,
      hint: canMove
        ? advise(`To move it to port ${wanted}`, candle(verb, name, '--move'))
        : advise('To release it, so that the next start reserves the other one', candle('release-ports', name)),
      details: { serviceName, projectDir, port, wanted },
    });
  }
}

/** The configuration requires the port that the service already has. */
export class PortNotMovableError extends CandleError {
  static readonly code = 'PORT_NOT_MOVABLE';
  static example() {
    return new PortNotMovableError({ ...exampleReservation, port: 5173, serviceName: 'web' });
  }

  constructor({ port, projectDir, serviceName }: Reservation) {
    super({
      message: `Service ${quote(serviceName ?? '')} cannot be moved to another port: its configuration requires port ${port}, which it already has`,
      hint: 'Remove strictPort from .candle.json, or set another port',
      details: { serviceName, projectDir, port },
    });
  }
}
