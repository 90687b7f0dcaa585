import { CandleError } from '../errors/candle-error.ts';
import { quote } from '../errors/quote.ts';
import { describeObstacle } from './describe-obstacle.ts';
import type { PortObstacle } from './port-obstacle.ts';
import { minPreferredPort } from './port-preference.ts';

/** Every port of the range is reserved or in use. */
export class PortRangeExhaustedError extends CandleError {
  constructor(range: { first: number; last: number }, reserved: number, inUse: number) {
    super({
      code: 'PORT_RANGE_EXHAUSTED',
      message: `No available ports in the range ${range.first}-${range.last}: ${reserved} reserved, ${inUse} in use by other programs`,
      hint: 'candle list-reserved-ports --all',
      details: { reserved, inUse },
    });
  }
}

/** Testing a port failed for another reason than that somebody listens on it. */
export class PortProbeFailedError extends CandleError {
  constructor(port: number, address: string, reason: string) {
    super({
      code: 'PORT_PROBE_FAILED',
      message: `Whether port ${port} is free could not be tested: binding ${address} failed with ${reason}`,
      hint: 'A sandbox that forbids listening (EPERM, EACCES) or a limit of open files (EMFILE) does this: run candle outside of it.',
      details: { port, address, reason },
    });
  }
}

/** The text is no port number. */
export class InvalidPortError extends CandleError {
  constructor(text: string, hint = 'A port is a whole number from 1 to 65535.') {
    super({
      code: 'PORT_INVALID',
      message: `${quote(text)} is not a port number`,
      hint,
      details: { text },
    });
  }
}

/** The number cannot be reserved for what asks for it. */
export class PrivilegedPortError extends CandleError {
  constructor(port: number) {
    super({
      code: 'PORT_PRIVILEGED',
      message: `Port ${port} cannot be reserved: on numbers below ${minPreferredPort} only root may listen`,
      hint: `Choose a number from ${minPreferredPort} to 65535`,
      details: { port },
    });
  }
}

interface PortClaimant {
  readonly projectDir: string;
  readonly serviceName?: string | undefined;
}

/** This number and no other was asked for, and somebody else has it. */
export class PortNotAvailableError extends CandleError {
  readonly port: number;
  readonly claimant: PortClaimant;
  readonly obstacle: PortObstacle;

  constructor(port: number, claimant: PortClaimant, obstacle: PortObstacle) {
    const { projectDir, serviceName } = claimant;
    const wanted = serviceName === undefined ? '' : ` for service ${quote(serviceName)}`;
    const { reason, hint } = describeObstacle(port, obstacle, projectDir);
    super({
      code: 'PORT_NOT_AVAILABLE',
      message: `Port ${port} is not available${wanted}: ${reason}`,
      hint,
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
  return { by: obstacle.by, owner: { projectDir, serviceName } };
}
