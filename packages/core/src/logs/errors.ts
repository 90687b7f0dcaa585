import { CandleError } from '../errors/candle-error.ts';
import { quote, showPath } from '../errors/quote.ts';
import { shellWord } from '../services/config/shell-word.ts';
import type { ServiceKey } from '../services/service.ts';

/** Where to begin or end reading is no time. */
export class InvalidLogTimeError extends CandleError {
  constructor(text: string) {
    super({
      code: 'LOGS_TIME_INVALID',
      message: `${quote(text)} is not a time`,
      hint: 'How long ago (30s, 10m, 2h, 1d), a date (2026-01-23) or a time (2026-01-23T10:30): candle logs --since 10m',
      details: { text },
    });
  }
}

/** The text is no cursor. */
export class InvalidCursorError extends CandleError {
  constructor(text: string) {
    super({
      code: 'LOGS_CURSOR_INVALID',
      message: `${quote(text)} is not a cursor`,
      hint: "A cursor is what candle logs --json gives as 'cursor', taken over as it is",
      details: { text },
    });
  }
}

/** The run that a cursor speaks of is of another service, or is not kept any more. */
export class UnknownCursorError extends CandleError {
  constructor(text: string, projectDir: string, serviceName: string | undefined) {
    const whose = serviceName === undefined ? 'this project' : `service ${quote(serviceName)}`;
    super({
      code: 'LOGS_CURSOR_UNKNOWN',
      message: `The run of cursor ${quote(text)} is not known of ${whose}: it is another's, or too old to be kept`,
      hint: `To begin anew: candle logs${serviceName === undefined ? '' : ` ${shellWord(serviceName)}`} --json`,
      details: { cursor: text, projectDir, serviceName: serviceName ?? null },
    });
  }
}

/** No run of that id, or none before the newest. */
export class UnknownRunError extends CandleError {
  constructor(text: string, projectDir: string, serviceNames: readonly string[], known: readonly string[]) {
    const [only] = serviceNames;
    const ofService = serviceNames.length === 1 && only !== undefined ? ` of service ${quote(only)}` : '';
    const shown = known.slice(-5);
    super({
      code: 'LOGS_RUN_UNKNOWN',
      message: text === 'previous' ? `There is no previous run${ofService}` : `${quote(text)} is not a run${ofService}`,
      hint:
        shown.length > 0
          ? `'latest', 'previous', or the id of a run: ${shown.join(', ')}`
          : 'candle list shows the services; none of these was ever started',
      details: { run: text, projectDir, serviceNames, known },
    });
  }
}

/** Several runs have an id that begins like this. */
export class AmbiguousRunError extends CandleError {
  constructor(text: string, matching: readonly string[]) {
    super({
      code: 'LOGS_RUN_AMBIGUOUS',
      message: `${quote(text)} is the beginning of the ids of ${matching.length} runs`,
      hint: `Give more of it: ${matching.slice(-5).join(', ')}`,
      details: { run: text, matching },
    });
  }
}

/** An empty text would be in every line. */
export class EmptyPatternError extends CandleError {
  constructor() {
    super({
      code: 'LOGS_PATTERN_EMPTY',
      message: 'The text to look for must not be empty',
      hint: 'Give a part of the line: candle logs --grep Error',
    });
  }
}

/** The text is no regular expression. */
export class InvalidPatternError extends CandleError {
  constructor(text: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message.replace(/^.*\/: /s, '') : String(cause);
    super({
      code: 'LOGS_PATTERN_INVALID',
      message: `${quote(text)} is not a regular expression: ${reason}`,
      hint: 'Without --regex it is looked for as plain text',
      details: { text, reason },
      cause,
    });
  }
}

/** The text is no duration. */
export class InvalidTimeoutError extends CandleError {
  constructor(text: string) {
    super({
      code: 'LOGS_TIMEOUT_INVALID',
      message: `${quote(text)} is not a duration`,
      hint: "Seconds as a number, or '500ms', '10s', '5m', '2h', at most 24 days: --timeout 30",
      details: { text },
    });
  }
}

/** What was waited for, and what the service has printed last. */
interface MissedMessage extends ServiceKey {
  readonly message: string;
  readonly runId: string | null;
  readonly lastLines: readonly string[];
}

function missed(code: string, sentence: string, { name, ...details }: MissedMessage) {
  const { lastLines } = details;
  return {
    code,
    message: sentence,
    hint: [
      ...(lastLines.length > 0
        ? ['Its last lines:', ...lastLines.map((line) => `  ${line}`)]
        : ['It printed nothing.']),
      `candle logs ${shellWord(name)}`,
    ].join('\n'),
    details: { serviceName: name, ...details },
  };
}

/** A message was waited for of a service that does not run. */
export class NoRunToWaitForError extends CandleError {
  constructor(of: MissedMessage) {
    super(missed('LOGS_NO_RUN', `Service ${quote(of.name)} is not running, so ${quote(of.message)} cannot come`, of));
  }
}

/** The run ended before it had printed the message. */
export class RunEndedBeforeMessageError extends CandleError {
  constructor(of: MissedMessage) {
    super(missed('LOGS_RUN_ENDED', `Service ${quote(of.name)} ended before it had printed ${quote(of.message)}`, of));
  }
}

/** The message did not come in time. */
export class MessageTimeoutError extends CandleError {
  constructor(of: MissedMessage, timeoutMs: number) {
    const parts = missed(
      'LOGS_TIMEOUT',
      `Service ${quote(of.name)} has not printed ${quote(of.message)} within ${timeoutMs / 1000} s; it goes on running`,
      of,
    );
    super({ ...parts, details: { ...parts.details, timeoutMs } });
  }
}

/** What is shown as it comes is told by a ledger that is no longer there. */
export class StateReplacedError extends CandleError {
  constructor(stateDir: string) {
    super({
      code: 'STATE_REPLACED',
      message: `The state directory ${showPath(stateDir)} was deleted or replaced while this command followed it`,
      hint: 'Run it again; candle ps shows what is known now',
      details: { stateDir },
    });
  }
}
