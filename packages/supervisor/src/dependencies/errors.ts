import { advise, CandleError, candle, type Hint, lines, phrase, quote } from '@candle/core/errors';
import type { ServiceKey } from '@candle/core/services';
import { exampleService } from '../examples.ts';
import { ServiceStartFailedError } from '../launch/errors.ts';
import { PortInUseError } from '../ports/errors.ts';

/** A service was not started because one of its dependencies could not be started or did not become ready. */
export class DependencyFailedError extends CandleError {
  static readonly code = 'SERVICE_DEPENDENCY_FAILED';
  static example() {
    return new DependencyFailedError({ ...exampleService, name: 'web' }, 'api', ServiceStartFailedError.example());
  }

  /** From the service that was not started to the one that failed. */
  readonly chain: readonly string[];
  /** The error of the last service in the chain. */
  readonly reason: CandleError;

  constructor({ name, projectDir }: ServiceKey, dependency: string, failure: CandleError) {
    const isFurther = failure instanceof DependencyFailedError;
    const chain = [name, ...(isFurther ? failure.chain : [dependency])];
    const reason = isFurther ? failure.reason : failure;
    const links = chain.slice(1).map((link) => `depends on ${quote(link)}`);
    const { code, message, hint = null, details } = reason;
    super({
      message: `Service ${quote(name)} was not started because it ${links.join(', which ')}: ${message}`,
      hint: advise(`Fix ${quote(chain.at(-1) ?? dependency)}, then`, candle('start', name)),
      details: { name, projectDir, chain, reason: { code, message, hint, details } },
      cause: reason,
    });
    this.chain = chain;
    this.reason = reason;
  }
}

/** An operation on several services failed for more than one of them. */
export class SeveralServicesFailedError extends CandleError {
  static readonly code = 'SERVICE_SEVERAL_FAILED';
  static example() {
    return new SeveralServicesFailedError([ServiceStartFailedError.example(), PortInUseError.example()]);
  }

  constructor(errors: readonly CandleError[]) {
    super({
      message: countFailures(errors),
      hint: lines(...distinct(errors).map(bullet)),
      details: { errors: errors.map(({ code, message, hint, details }) => ({ code, message, hint, details })) },
    });
  }
}

/** A service that was not started has not failed itself. */
function countFailures(errors: readonly CandleError[]): string {
  const notStarted = errors.filter((error) => error instanceof DependencyFailedError).length;
  const failed = errors.length - notStarted;
  if (failed === 0) return `${notStarted} services were not started`;
  const services = `${failed} ${failed === 1 ? 'service' : 'services'} failed`;
  return notStarted === 0
    ? services
    : `${services}, and ${notStarted} ${notStarted === 1 ? 'was' : 'were'} not started`;
}

/** One cause, such as a full disk, may have prevented several. */
function distinct(errors: readonly CandleError[]): readonly CandleError[] {
  return [...new Map(errors.map((error) => [error.message, error])).values()];
}

function bullet(error: CandleError): Hint {
  const hint = CandleError.hintOf(error);
  return phrase(`- ${error.message}`, ...(hint === undefined ? [] : ['\n  ', { indented: hint }]));
}
