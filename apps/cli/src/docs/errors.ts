import { CandleError, quote } from '@candle/core';

export class DocUnknownError extends CandleError {
  constructor(asked: string, nearest: string | undefined, known: readonly string[]) {
    super({
      code: 'DOC_UNKNOWN',
      message: asked === '' ? 'The name of a page must not be empty' : `There is no page ${quote(asked)}`,
      hint:
        nearest === undefined
          ? 'To list all pages: candle list-docs'
          : `Did you mean '${nearest}'? Run: candle get-doc ${nearest}`,
      details: { asked, nearest: nearest ?? null, known },
    });
  }
}
