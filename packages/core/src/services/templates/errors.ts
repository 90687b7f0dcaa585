import { CandleError } from '../../errors/candle-error.ts';
import { quote } from '../../errors/quote.ts';
import { shellWord } from '../config/shell-word.ts';

/** Where a template stands: the service, and the field as in `env.API`. */
export interface TemplateLocation {
  readonly serviceName: string;
  readonly field: string;
}

/** A template asks for the port of a service that has none reserved. */
export class TemplateWithoutPortError extends CandleError {
  /** @param owner whose port is asked for; may be the service itself */
  constructor({ serviceName, field }: TemplateLocation, template: string, owner: string) {
    super({
      code: 'SERVICE_TEMPLATE_WITHOUT_PORT',
      message: `Service ${quote(serviceName)} cannot be started: ${field} says ${template}, and ${quote(owner)} has no reserved port`,
      hint: `candle reserve-port ${shellWord(owner)}, or give it "port": "auto" in .candle.json`,
      details: { serviceName, field, template, owner },
    });
  }
}

/** A template cannot be read, or what comes of it is nothing that its field can take. */
export class InvalidTemplateError extends CandleError {
  /** @param problem of the field, as a sentence */
  constructor({ serviceName, field }: TemplateLocation, problem: string) {
    super({
      code: 'SERVICE_TEMPLATE_INVALID',
      message: `Service ${quote(serviceName)} cannot be started: ${field}: ${problem}`,
      hint: 'Correct it; where ${…} is meant to stay as it is, write $${…}',
      details: { serviceName, field, problem },
    });
  }
}
