import { advise, CandleError, candle, quote } from '@candle/core/errors';

export class DocUnknownError extends CandleError {
  static readonly code = 'DOC_UNKNOWN';
  static example() {
    return new DocUnknownError('tutorail', 'tutorial', ['concepts', 'tutorial']);
  }

  constructor(asked: string, nearest: string | undefined, known: readonly string[]) {
    super({
      message: asked === '' ? 'The name of a page must not be empty' : `There is no page ${quote(asked)}`,
      hint:
        nearest === undefined
          ? advise('To list all pages', candle('list-docs'))
          : advise(`Did you mean '${nearest}'? Run`, candle('get-doc', nearest)),
      details: { asked, nearest: nearest ?? null, known },
    });
  }
}
