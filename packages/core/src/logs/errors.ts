import { shellWord } from '../config/shell-word.ts';
import { CandleError } from '../errors/candle-error.ts';
import { quote, showPath } from '../errors/quote.ts';
import type { ServiceKey } from '../services/service.ts';

/** The start or end of the time range is not a time. */
export class InvalidLogTimeError extends CandleError {
  constructor(text: string) {
    super({
      code: 'LOGS_TIME_INVALID',
      message: `${quote(text)} is not a time`,
      hint: 'Use an age (30s, 10m, 2h, 1d), a date (2026-01-23) or a time (2026-01-23T10:30): candle logs --since 10m',
      details: { text },
    });
  }
}

/** The text is not a cursor. */
export class InvalidCursorError extends CandleError {
  constructor(text: string) {
    super({
      code: 'LOGS_CURSOR_INVALID',
      message: `${quote(text)} is not a cursor`,
      hint: "Pass the value of 'cursor' in the output of candle logs --json, unchanged",
      details: { text },
    });
  }
}

/** The run of a cursor belongs to another service, or is no longer kept. */
export class UnknownCursorError extends CandleError {
  constructor(text: string, projectDir: string, serviceName: string | undefined) {
    const whose = serviceName === undefined ? 'this project' : `service ${quote(serviceName)}`;
    const other = serviceName === undefined ? 'project' : 'service';
    super({
      code: 'LOGS_CURSOR_UNKNOWN',
      message: `Cursor ${quote(text)} does not refer to a stored run of ${whose}: the cursor belongs to another ${other}, or the run is no longer stored`,
      hint: `To start over: candle logs${serviceName === undefined ? '' : ` ${shellWord(serviceName)}`} --json`,
      details: { cursor: text, projectDir, serviceName: serviceName ?? null },
    });
  }
}

/** There is no run with that id, or no run before the newest one. */
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
          ? `Use 'latest', 'previous' or the ID of a run: ${shown.join(', ')}`
          : 'None of the selected services was ever started. To list the services: candle list',
      details: { run: text, projectDir, serviceNames, known },
    });
  }
}

/** The ids of several runs begin with the text. */
export class AmbiguousRunError extends CandleError {
  constructor(text: string, matching: readonly string[]) {
    super({
      code: 'LOGS_RUN_AMBIGUOUS',
      message: `The IDs of ${matching.length} runs begin with ${quote(text)}`,
      hint: `Pass more characters of the ID: ${matching.slice(-5).join(', ')}`,
      details: { run: text, matching },
    });
  }
}

/** An empty text would match every line. */
export class EmptyPatternError extends CandleError {
  constructor() {
    super({
      code: 'LOGS_PATTERN_EMPTY',
      message: 'The search text must not be empty',
      hint: 'Pass part of the line: candle logs --grep Error',
    });
  }
}

/** The text is not a regular expression. */
export class InvalidPatternError extends CandleError {
  constructor(text: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message.replace(/^.*\/: /s, '') : String(cause);
    super({
      code: 'LOGS_PATTERN_INVALID',
      message: `${quote(text)} is not a regular expression: ${reason}`,
      hint: 'To search for it as plain text, omit --regex',
      details: { text, reason },
      cause,
    });
  }
}

/** The text is not a duration. */
export class InvalidTimeoutError extends CandleError {
  constructor(text: string) {
    super({
      code: 'LOGS_TIMEOUT_INVALID',
      message: `${quote(text)} is not a duration from 0 to 24 days`,
      hint: 'Use a number of seconds, or a number with a unit: --timeout 30, --timeout 500ms, --timeout 5m, --timeout 2h',
      details: { text },
    });
  }
}

/** The message that did not appear, and what the service printed last. */
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
      `To see its output: candle logs ${shellWord(name)}`,
    ].join('\n'),
    details: { serviceName: name, ...details },
  };
}

/** The service whose message was awaited is not running. */
export class NoRunToWaitForError extends CandleError {
  constructor(of: MissedMessage) {
    super(
      missed(
        'LOGS_NO_RUN',
        `Service ${quote(of.name)} is not running, so it will never print ${quote(of.message)}`,
        of,
      ),
    );
  }
}

/** The run exited before it printed the message. */
export class RunEndedBeforeMessageError extends CandleError {
  constructor(of: MissedMessage) {
    super(missed('LOGS_RUN_ENDED', `Service ${quote(of.name)} exited before it printed ${quote(of.message)}`, of));
  }
}

/** The message did not appear in time. */
export class MessageTimeoutError extends CandleError {
  constructor(of: MissedMessage, timeoutMs: number) {
    const parts = missed(
      'LOGS_TIMEOUT',
      `Service ${quote(of.name)} did not print ${quote(of.message)} within ${timeoutMs / 1000} s; it is still running`,
      of,
    );
    super({ ...parts, details: { ...parts.details, timeoutMs } });
  }
}

/** The database that a command follows is no longer in its place. */
export class StateReplacedError extends CandleError {
  constructor(stateDir: string) {
    super({
      code: 'STATE_REPLACED',
      message: `Candle's state directory ${showPath(stateDir)} was deleted or replaced while this command was running`,
      hint: 'Run the command again. To see the current services: candle ps',
      details: { stateDir },
    });
  }
}
