import { advise, CandleError, candle, quote } from '@candle/core/errors';
import type { ServiceKey } from '@candle/core/services';
import { exampleService } from '../examples.ts';
import { ServiceStartFailedError } from '../launch/errors.ts';

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
