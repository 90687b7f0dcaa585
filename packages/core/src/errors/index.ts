export { CandleError, type ErrorClass, type ErrorCodeIn, errorClassesIn, isCandleError } from './candle-error.ts';
export { exampleProject } from './examples.ts';
export {
  type Advice,
  advise,
  andThen,
  type Command,
  candle,
  commandsIn,
  type Hint,
  lines,
  phrase,
  program,
  renderCommand,
  renderHint,
  sentences,
} from './hint.ts';
export { colorReset, printable, quote, safeJson, safeText, shellWord, showPath } from './quote.ts';
