import { CandleError } from '../errors/candle-error.ts';
import { quote } from '../errors/quote.ts';

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
  constructor(text: string) {
    super({
      code: 'PORT_INVALID',
      message: `${quote(text)} is not a port number`,
      hint: 'A port is a whole number from 1 to 65535.',
      details: { text },
    });
  }
}
