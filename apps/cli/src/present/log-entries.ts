import { styleText } from 'node:util';
import { advise, candle, colorReset, printable, renderHint, safeJson, safeText } from '@candle/core/errors';
import {
  hasText,
  type LogEntry,
  lastState,
  logEntryDocument,
  pipedInsteadText,
  truncatedText,
} from '@candle/core/logs';
import { localTime } from '@candle/core/system';
import type { FollowedEntryDocument } from '@candle/documents';
import { columnsOf, renderDuration } from './format.ts';

/** Characters per write. A whole log may exceed the maximum length of a string. */
const blockLength = 64 * 1024;

/** Readable on light and dark terminals. Red is left to errors. */
const labelColors = ['cyan', 'yellow', 'green', 'magenta', 'blue'] as const;

export interface EntryStyle {
  /** `lines` is what the services printed, without marks. `json` is one object per line. */
  readonly format: 'text' | 'lines' | 'json';
  /** The reader is a terminal: keep colors, and rewrite a line when the service rewrites it. */
  readonly color: boolean;
  /** Start each line with the time at which it was printed. */
  readonly timestamps: boolean;
  /** Start each line with the name of its service. If false, this begins with the second service. */
  readonly labels: boolean;
  /** All services of the project, in an order that is the same in all commands. It decides about the color of each. */
  readonly names?: readonly string[];
  /** Columns to which shorter labels are padded; 0 without a terminal. */
  readonly labelWidth?: number;
}

/** Moves to the beginning of the line, and erases it. */
const eraseLine = '\r\u001b[K';

/** A line that a service may still continue. */
interface UnfinishedLine {
  /** What follows replaces the line. */
  readonly endsInReturn: boolean;
  /** What is not written yet, because the service may rewrite it, and what is written cannot be replaced. */
  readonly held: HeldText | undefined;
}

interface HeldText {
  readonly entry: LineEntry;
  readonly text: string;
  /** It follows what is already written of the line. */
  readonly isAppended: boolean;
}

type LineEntry = Extract<LogEntry, { kind: 'line' }>;

/** Writes log entries: lines in their last state, and marks where runs start and end. */
export class EntryWriter {
  readonly #style: EntryStyle;
  readonly #write: (text: string) => void;
  readonly #labels = new Map<string, string>();
  readonly #names: Set<string>;
  #isLabelled: boolean;
  #lastService: string | undefined;
  /** The output ends with a line that has no newline yet. */
  #isLineOpen = false;
  readonly #unfinished = new Map<string, UnfinishedLine>();

  constructor(style: EntryStyle, write: (text: string) => void) {
    this.#style = style;
    this.#write = write;
    this.#isLabelled = style.labels;
    this.#names = new Set(style.names);
  }

  add(serviceName: string, entries: readonly LogEntry[]): void {
    this.#isLabelled ||= this.#lastService !== undefined && this.#lastService !== serviceName;
    this.#lastService = serviceName;
    let block = '';
    for (const entry of entries) {
      block += this.#render(serviceName, entry);
      if (block.length < blockLength) continue;
      this.#write(block);
      block = '';
    }
    if (block !== '') this.#write(block);
  }

  /** Call after the last entry. Ends an open line, because the next output on the terminal is not from the service. */
  end(): void {
    let rest = '';
    for (const name of [...this.#unfinished.keys()]) rest += this.#rest(name);
    rest += this.#endOfOpenLine();
    if (rest !== '') this.#write(rest);
  }

  #render(serviceName: string, entry: LogEntry): string {
    const { format } = this.#style;
    if (format === 'json') return entryLine(serviceName, entry);
    if (format === 'lines' && entry.kind !== 'line') return '';
    if (entry.kind === 'line' && this.#isSimple(entry)) {
      return `${this.#beginning(serviceName, entry)}${this.#text(lastState(entry.text))}\n`;
    }
    const isContinued = entry.kind === 'line' && entry.isContinuation;
    const rest = isContinued ? '' : this.#rest(serviceName);
    if (entry.kind === 'line') return `${rest}${this.#line(serviceName, entry)}`;
    return `${rest}${this.#endOfOpenLine()}${this.#beginning(serviceName, entry)}${renderMark(serviceName, entry)}\n`;
  }

  /** A complete line, and nothing before it is unfinished. Almost all lines are like this. */
  #isSimple({ isPartial, isContinuation }: LineEntry): boolean {
    return !isPartial && !isContinuation && !this.#isLineOpen && this.#unfinished.size === 0;
  }

  #line(serviceName: string, entry: LineEntry): string {
    const { held, endsInReturn = false } = this.#unfinished.get(serviceName) ?? {};
    this.#unfinished.delete(serviceName);
    const state = lastState(entry.text);
    const isReplaced = (endsInReturn || entry.text.includes('\r')) && hasText(state);
    const line: HeldText = {
      entry: held?.entry ?? entry,
      text: isReplaced ? state : `${held?.text ?? ''}${state}`,
      isAppended: !isReplaced && (held?.isAppended ?? (entry.isContinuation && this.#isLineOpen)),
    };
    if (!entry.isPartial) return this.#written(serviceName, line, { isOpen: false });
    // With several services, the next line may come from another one.
    const isOpen = !this.#isLabelled;
    const isHeld = (isReplaced || entry.hasCarriageReturn === true) && !(isOpen && this.#style.color);
    const unfinished = { endsInReturn: entry.hasCarriageReturn === true, held: isHeld ? line : undefined };
    this.#unfinished.set(serviceName, unfinished);
    return isHeld ? '' : this.#written(serviceName, line, { isOpen });
  }

  #written(serviceName: string, { entry, text, isAppended }: HeldText, { isOpen }: { isOpen: boolean }): string {
    const { color } = this.#style;
    const isErased = entry.isContinuation && this.#isLineOpen && color;
    const before = isAppended ? '' : isErased ? eraseLine : this.#endOfOpenLine();
    this.#isLineOpen = isOpen;
    const beginning = isAppended ? '' : this.#beginning(serviceName, entry);
    const reset = isAppended && color && !isOpen ? colorReset : '';
    const shown = isAppended ? safeText(text, { color, isOpen }) : this.#text(text, isOpen);
    return `${before}${beginning}${shown}${reset}${isOpen ? '' : '\n'}`;
  }

  /** The text from the beginning of a line. The space distinguishes a printed line from a mark. */
  #text(text: string, isOpen = false): string {
    const { format, color } = this.#style;
    const isLikeMark = format === 'text' && text.includes('---') && markForm.test(safeText(text));
    return `${isLikeMark ? ' ' : ''}${safeText(text, { color, isOpen })}`;
  }

  /** What was held back of a line that is not continued. */
  #rest(serviceName: string): string {
    const held = this.#unfinished.get(serviceName)?.held;
    this.#unfinished.delete(serviceName);
    return held === undefined ? '' : this.#written(serviceName, held, { isOpen: false });
  }

  #endOfOpenLine(): string {
    if (!this.#isLineOpen) return '';
    this.#isLineOpen = false;
    return this.#style.color ? `${colorReset}\n` : '\n';
  }

  #beginning(serviceName: string, entry: LogEntry): string {
    const time = this.#time(entry);
    return this.#isLabelled ? `${this.#label(serviceName)} ${time}` : time;
  }

  #label(serviceName: string): string {
    const known = this.#labels.get(serviceName);
    if (known !== undefined) return known;
    const { color, labelWidth = 0 } = this.#style;
    const plain = labelOf(serviceName);
    const padding = labelWidth === 0 ? '' : ' '.repeat(Math.max(0, labelWidth - columnsOf(plain)));
    const label = `${color ? this.#inColor(serviceName, plain) : plain}${padding}`;
    this.#labels.set(serviceName, label);
    return label;
  }

  /** A service that is not among the known ones, such as a new one, gets the color after theirs. */
  #inColor(serviceName: string, label: string): string {
    this.#names.add(serviceName);
    const index = [...this.#names].indexOf(serviceName);
    return styleText(labelColors[index % labelColors.length] ?? 'cyan', label, { validateStream: false });
  }

  #time(entry: LogEntry): string {
    if (!this.#style.timestamps || entry.kind !== 'line') return '';
    return `${entry.atMs === null ? '-' : renderTimestamp(entry.atMs, entry.isApproximate)} `;
  }
}

/** Local time with milliseconds. `~` marks an approximate time: the line was printed then or earlier. */
export function renderTimestamp(atMs: number, isApproximate: boolean): string {
  const time = new Date(atMs);
  const two = (part: number) => String(part).padStart(2, '0');
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return `${isApproximate ? '~' : ''}${date} ${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

function labelOf(serviceName: string): string {
  return `[${printable(serviceName)}]`;
}

/** Longer labels do not widen those of the others. Columns. */
const maxLabelWidth = 24;

/** The width to which the labels of these services are padded. */
export function labelWidthOf(names: readonly string[]): number {
  const widths = names.map((name) => columnsOf(labelOf(name)));
  return Math.max(0, ...widths.filter((width) => width <= maxLabelWidth));
}

type LogMark = Exclude<LogEntry, { kind: 'line' }>;

function renderMark(serviceName: string, mark: LogMark): string {
  const atMs = mark.kind === 'evicted' || mark.kind === 'truncated' ? null : mark.atMs;
  const more = explainMark(serviceName, mark);
  return `--- ${describeMark(mark)}${atMs === null ? '' : ` ${localTime(atMs)}`}${more ? `; ${more}` : ''} ---`;
}

function explainMark(serviceName: string, mark: LogMark): string | undefined {
  if (mark.kind === 'given-up') return renderHint(advise('to start it again', candle('start', serviceName)));
  if (mark.kind === 'ended') return mark.explanation;
  return mark.kind === 'started' && mark.isPipedInstead ? pipedInsteadText : undefined;
}

/** What every mark looks like; see `describeMark`. */
const markForm =
  /^--- (?:started|restarted|gave up|stopped|start was|killed by|exited|the program truncated|earlier output was)\b.* ---$/;

function describeMark(mark: LogMark): string {
  switch (mark.kind) {
    case 'started':
      return mark.attempt === 0 ? 'started' : `restarted (${mark.attempt})`;
    case 'ended':
      return describeEnd(mark);
    case 'given-up':
      return describeGivenUp(mark);
    case 'truncated':
      return truncatedText;
    case 'evicted':
      return 'earlier output was evicted';
  }
}

function describeEnd({ reason, ...exit }: Extract<LogEntry, { kind: 'ended' }>): string {
  if (reason === 'stopped') return 'stopped';
  if (reason === 'replaced') return 'stopped for a restart';
  if (reason === 'interrupted') return 'start was interrupted';
  return describeExit(exit);
}

function describeGivenUp(mark: Extract<LogEntry, { kind: 'given-up' }>): string {
  const restarts = `${mark.restarts} ${mark.restarts === 1 ? 'restart' : 'restarts'}`;
  const end = `${mark.exitSignal === null ? '' : 'was '}${describeExit(mark)}`;
  return `gave up after ${restarts} within ${renderDuration(mark.withinMs)} (the last run ${end})`;
}

function describeExit({ exitCode, exitSignal }: Pick<Extract<LogEntry, { kind: 'ended' }>, 'exitCode' | 'exitSignal'>) {
  if (exitSignal !== null) return `killed by ${exitSignal}`;
  return exitCode === null ? 'exited (exit status unknown)' : `exited with code ${exitCode}`;
}

/** One entry as a line of JSON. */
function entryLine(serviceName: string, entry: LogEntry): string {
  const document: FollowedEntryDocument = {
    service: serviceName,
    ...logEntryDocument(entry),
  };
  return `${safeJson(document)}\n`;
}

/** Whether to write escape sequences. Checks FORCE_COLOR first, then NO_COLOR, then whether the stream is a terminal. */
export function showsColor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  return !env.NO_COLOR && stream.isTTY === true;
}
