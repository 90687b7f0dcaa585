import { shellWord } from '../../config/shell-word.ts';
import { CandleError } from '../../errors/candle-error.ts';
import { quote } from '../../errors/quote.ts';

/** The location of a template: the service, and the field as in `env.API`. */
export interface TemplateLocation {
  readonly serviceName: string;
  readonly field: string;
}

/** A template refers to the port of a service without a reserved port. */
export class TemplateWithoutPortError extends CandleError {
  /** @param owner the service whose port the template needs; may be the service itself */
  constructor({ serviceName, field }: TemplateLocation, template: string, owner: string) {
    super({
      code: 'SERVICE_TEMPLATE_WITHOUT_PORT',
      message: `Service ${quote(serviceName)} cannot be started: ${field} contains ${template}, but ${quote(owner)} has no reserved port`,
      hint: `Run candle reserve-port ${shellWord(owner)}, or set "port": "auto" for it in .candle.json`,
      details: { serviceName, field, template, owner },
    });
  }
}

/** A template is malformed, or its value is not valid for the field. */
export class InvalidTemplateError extends CandleError {
  /** @param problem what is wrong with the field, as a clause */
  constructor({ serviceName, field }: TemplateLocation, problem: string) {
    super({
      code: 'SERVICE_TEMPLATE_INVALID',
      message: `Service ${quote(serviceName)} cannot be started: ${field}: ${problem}`,
      hint: 'Fix the template; for a literal ${…}, write $${…}',
      details: { serviceName, field, problem },
    });
  }
}
