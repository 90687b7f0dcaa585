import { CandleError } from '../errors/candle-error.ts';
import { exampleProject, exampleReservation } from '../errors/examples.ts';
import { advise, candle, type Hint, lines } from '../errors/hint.ts';
import { quote } from '../errors/quote.ts';
import { describeObstacle, describePort, type PortObstacle } from './port-obstacle.ts';
import { minPreferredPort, type PortPurpose } from './port-preference.ts';

/** Every port in the range is reserved or in use. */
export class PortRangeExhaustedError extends CandleError {
  static readonly code = 'PORT_RANGE_EXHAUSTED';
  static example() {
    return new PortRangeExhaustedError({ first: 4000, last: 65535 }, 61500, 36);
  }

  constructor(range: { first: number; last: number }, reserved: number, inUse: number) {
    super({
      message: `No available ports in the range ${range.first}-${range.last}: ${reserved} reserved, ${inUse} in use by other programs`,
      hint: advise('To list the reserved ports', candle('list-reserved-ports', '--all')),
      details: { reserved, inUse },
    });
  }
}

/** The bind test failed for a reason other than a listener on the port. */
export class PortProbeFailedError extends CandleError {
  static readonly code = 'PORT_PROBE_FAILED';
  static example() {
    return new PortProbeFailedError(4000, '::', 'EPERM');
  }

  constructor(port: number, address: string, reason: string) {
    super({
      message: `Could not check whether port ${port} is free: binding ${address} failed with ${reason}`,
      hint: 'Run candle outside the sandbox that forbids listening (EPERM, EACCES), or raise the limit on open files (EMFILE)',
      details: { port, address, reason },
    });
  }
}

/** The text is not a port number. */
export class InvalidPortError extends CandleError {
  static readonly code = 'PORT_INVALID';
  static example() {
    return new InvalidPortError('http');
  }

  constructor(text: string, hint = 'Use a whole number from 1 to 65535') {
    super({
      message: `${quote(text)} is not a port number`,
      hint,
      details: { text },
    });
  }
}

/** The port is privileged and therefore cannot be reserved. */
export class PrivilegedPortError extends CandleError {
  static readonly code = 'PORT_PRIVILEGED';
  static example() {
    return new PrivilegedPortError(80);
  }

  constructor(port: number) {
    super({
      message: `Port ${port} cannot be reserved: only root can listen on ports below ${minPreferredPort}`,
      hint: `Choose a port from ${minPreferredPort} to 65535`,
      details: { port },
    });
  }
}

interface PortClaimant {
  readonly projectDir: string;
  readonly serviceName?: string | undefined;
  /** If omitted, a service. */
  readonly purpose?: PortPurpose | undefined;
}

/** This exact port was requested, but it is not available. */
export class PortNotAvailableError extends CandleError {
  static readonly code = 'PORT_NOT_AVAILABLE';
  static example() {
    return new PortNotAvailableError(
      5173,
      { projectDir: exampleProject, serviceName: 'web' },
      {
        by: 'reserved',
        reservation: { ...exampleReservation, port: 5173, projectDir: '/home/ada/blog', serviceName: 'web' },
      },
    );
  }

  readonly port: number;
  readonly claimant: PortClaimant;
  readonly obstacle: PortObstacle;

  /** @param advice what else the user can do, in addition to what follows from the obstacle */
  constructor(port: number, claimant: PortClaimant, obstacle: PortObstacle, advice?: Hint) {
    const { projectDir, serviceName, purpose } = claimant;
    const requester = serviceName === undefined ? '' : ` for ${describePort(serviceName, purpose)}`;
    const { reason, hint } = describeObstacle(port, obstacle, projectDir);
    super({
      message: `Port ${port} is not available${requester}: ${reason}`,
      hint: advice === undefined ? hint : lines(hint, advice),
      details: { port, projectDir, serviceName: serviceName ?? null, ...detailsOf(obstacle) },
    });
    this.port = port;
    this.claimant = claimant;
    this.obstacle = obstacle;
  }
}

function detailsOf(obstacle: PortObstacle): Readonly<Record<string, unknown>> {
  if (obstacle.by !== 'reserved') return { by: obstacle.by };
  const { projectDir, serviceName } = obstacle.reservation;
  return { by: obstacle.by, reservedBy: { projectDir, serviceName } };
}
