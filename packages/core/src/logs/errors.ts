import { CandleError } from '../errors/candle-error.ts';
import { exampleProject, exampleStateDir } from '../errors/examples.ts';
import { advise, candle, lines, phrase, sentences } from '../errors/hint.ts';
import { quote, showPath } from '../errors/quote.ts';
import type { ServiceKey } from '../services/service.ts';

/** The start or end of the time range is not a time. */
export class InvalidLogTimeError extends CandleError {
  static readonly code = 'LOGS_TIME_INVALID';
  static example() {
    return new InvalidLogTimeError('soon');
  }

  constructor(text: string) {
    super({
      message: `${quote(text)} is not a time`,
      hint: {
        instruction: 'Use an age (30s, 10m, 2h, 1d), a date (2026-01-23) or a time (2026-01-23T10:30)',
        example: candle('logs', '--since', '10m'),
      },
      details: { text },
    });
  }
}

/** The text is not a cursor. */
export class InvalidCursorError extends CandleError {
  static readonly code = 'LOGS_CURSOR_INVALID';
  static example() {
    return new InvalidCursorError('later');
  }

  constructor(text: string) {
    super({
      message: `${quote(text)} is not a cursor`,
      hint: phrase(
        "Pass the value of 'cursor' in the output of ",
        { command: candle('logs', '--json') },
        ', unchanged',
      ),
      details: { text },
    });
  }
}

/** The run of a cursor belongs to another service, or is no longer kept. */
export class UnknownCursorError extends CandleError {
  static readonly code = 'LOGS_CURSOR_UNKNOWN';
  static example() {
    return new UnknownCursorError('mb2k-61f0:0.4096', exampleProject, 'api');
  }

  constructor(text: string, projectDir: string, serviceName: string | undefined) {
    const whose = serviceName === undefined ? 'this project' : `service ${quote(serviceName)}`;
    const other = serviceName === undefined ? 'project' : 'service';
    super({
      message: `Cursor ${quote(text)} does not refer to a stored run of ${whose}: the cursor belongs to another ${other}, or the run is no longer stored`,
      hint: advise('To start over', candle('logs', ...(serviceName === undefined ? [] : [serviceName]), '--json')),
      details: { cursor: text, projectDir, serviceName: serviceName ?? null },
    });
  }
}

/** There is no run with that id, or no run before the newest one. */
export class UnknownRunError extends CandleError {
  static readonly code = 'LOGS_RUN_UNKNOWN';
  static example() {
    return new UnknownRunError('mb2', exampleProject, ['api'], ['mc1a-09bb', 'mc1b-77de']);
  }

  constructor(text: string, projectDir: string, serviceNames: readonly string[], known: readonly string[]) {
    const [only] = serviceNames;
    const ofService = serviceNames.length === 1 && only !== undefined ? ` of service ${quote(only)}` : '';
    const shown = known.slice(-5);
    super({
      message: text === 'previous' ? `There is no previous run${ofService}` : `${quote(text)} is not a run${ofService}`,
      hint:
        shown.length > 0
          ? `Use 'latest', 'previous' or the ID of a run: ${shown.join(', ')}`
          : sentences('None of the selected services was ever started', advise('To list the services', candle('list'))),
      details: { run: text, projectDir, serviceNames, known },
    });
  }
}

/** The ids of several runs begin with the text. */
export class AmbiguousRunError extends CandleError {
  static readonly code = 'LOGS_RUN_AMBIGUOUS';
  static example() {
    return new AmbiguousRunError('mc', ['mc1a-09bb', 'mc1b-77de']);
  }

  constructor(text: string, matching: readonly string[]) {
    super({
      message: `The IDs of ${matching.length} runs begin with ${quote(text)}`,
      hint: `Pass more characters of the ID: ${matching.slice(-5).join(', ')}`,
      details: { run: text, matching },
    });
  }
}

/** The text is not a number of lines. */
export class InvalidCountError extends CandleError {
  static readonly code = 'LOGS_COUNT_INVALID';
  static example() {
    return new InvalidCountError('many');
  }

  constructor(text: string) {
    super({
      message: `${quote(text)} is not a number of lines`,
      hint: { instruction: 'Use a whole number, 0 or more', example: candle('logs', '-n', '100') },
      details: { text },
    });
  }
}

/** The text is not a duration. */
export class InvalidTimeoutError extends CandleError {
  static readonly code = 'LOGS_TIMEOUT_INVALID';
  static example() {
    return new InvalidTimeoutError('soon');
  }

  constructor(text: string) {
    super({
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

/** What a service printed last, as part of a hint. */
export function lastLinesHint(lastLines: readonly string[]): string {
  return lastLines.length === 0
    ? 'It printed nothing.'
    : ['Its last lines:', ...lastLines.map((line) => `  ${line}`)].join('\n');
}

const exampleMissed: MissedMessage = {
  name: 'api',
  projectDir: exampleProject,
  message: 'Listening',
  runId: 'mc1a-09bb',
  lastLines: ["Error: Cannot find module 'hono'"],
};

function missed(sentence: string, { name, ...details }: MissedMessage) {
  const { lastLines } = details;
  return {
    message: sentence,
    hint: lines(lastLinesHint(lastLines), advise('To see its output', candle('logs', name))),
    details: { serviceName: name, ...details },
  };
}

/** The service whose message was awaited is not running. */
export class NoRunToWaitForError extends CandleError {
  static readonly code = 'LOGS_NO_RUN';
  static example() {
    return new NoRunToWaitForError({ ...exampleMissed, runId: null });
  }

  constructor(of: MissedMessage) {
    super(missed(`Service ${quote(of.name)} is not running, so it will never print ${quote(of.message)}`, of));
  }
}

/** The run exited before it printed the message. */
export class RunEndedBeforeMessageError extends CandleError {
  static readonly code = 'LOGS_RUN_ENDED';
  static example() {
    return new RunEndedBeforeMessageError(exampleMissed);
  }

  constructor(of: MissedMessage) {
    super(missed(`Service ${quote(of.name)} exited before it printed ${quote(of.message)}`, of));
  }
}

/** The message did not appear in time. */
export class MessageTimeoutError extends CandleError {
  static readonly code = 'LOGS_TIMEOUT';
  static example() {
    return new MessageTimeoutError(exampleMissed, 30_000);
  }

  constructor(of: MissedMessage, timeoutMs: number) {
    const parts = missed(
      `Service ${quote(of.name)} did not print ${quote(of.message)} within ${timeoutMs / 1000} s; it is still running`,
      of,
    );
    super({ ...parts, details: { ...parts.details, timeoutMs } });
  }
}

/** The database that a command follows is no longer in its place. */
export class StateReplacedError extends CandleError {
  static readonly code = 'STATE_REPLACED';
  static example() {
    return new StateReplacedError(exampleStateDir);
  }

  constructor(stateDir: string) {
    super({
      message: `Candle's state directory ${showPath(stateDir)} was deleted or replaced while this command was running`,
      hint: sentences('Run the command again', advise('To see the current services', candle('ps'))),
      details: { stateDir },
    });
  }
}
