import { CandleError, quote, type ServiceKey, shellWord } from '@candle/core';

/** A service was not started because one of its dependencies could not be started or did not become ready. */
export class DependencyFailedError extends CandleError {
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
      code: 'SERVICE_DEPENDENCY_FAILED',
      message: `Service ${quote(name)} was not started: it ${links.join(', which ')}, which could not be started: ${message}`,
      hint: `Fix ${quote(chain.at(-1) ?? dependency)}, then: candle start ${shellWord(name)}`,
      details: { name, projectDir, chain, reason: { code, message, hint, details } },
      cause: reason,
    });
    this.chain = chain;
    this.reason = reason;
  }
}
