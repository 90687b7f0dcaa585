import { CandleError } from '../../errors/candle-error.ts';
import { candle, phrase } from '../../errors/hint.ts';
import { quote } from '../../errors/quote.ts';

/** The location of a template: the service, and the field as in `env.API`. */
export interface TemplateLocation {
  readonly serviceName: string;
  readonly field: string;
}

/** A template refers to the port of a service without a reserved port. */
export class TemplateWithoutPortError extends CandleError {
  static readonly code = 'SERVICE_TEMPLATE_WITHOUT_PORT';
  static example() {
    return new TemplateWithoutPortError({ serviceName: 'web', field: 'env.API' }, '${services.api.url}', 'api');
  }

  /** @param owner the service whose port the template needs; may be the service itself */
  constructor({ serviceName, field }: TemplateLocation, template: string, owner: string) {
    super({
      message: `Service ${quote(serviceName)} cannot be started: ${field} contains ${template}, but ${quote(owner)} has no reserved port`,
      hint: phrase(
        'Run ',
        { command: candle('reserve-port', owner) },
        ', or set "port": "auto" for it in .candle.json',
      ),
      details: { serviceName, field, template, owner },
    });
  }
}

/** A template is malformed, or its value is not valid for the field. */
export class InvalidTemplateError extends CandleError {
  static readonly code = 'SERVICE_TEMPLATE_INVALID';
  static example() {
    return new InvalidTemplateError(
      { serviceName: 'web', field: 'ready.http' },
      "must be a path like '/health' or a URL, but it is localhost",
    );
  }

  /** @param problem what is wrong with the field, as a clause */
  constructor({ serviceName, field }: TemplateLocation, problem: string) {
    super({
      message: `Service ${quote(serviceName)} cannot be started: ${field}: ${problem}`,
      hint: 'Fix the template; for a literal ${…}, write $${…}',
      details: { serviceName, field, problem },
    });
  }
}
