import { styleText } from 'node:util';
import { type LogEntry, logEntryDocument, pipedInsteadText, stripLine, truncatedText } from '@candle/core/logs';
import { localTime } from '@candle/core/system';
import type { FollowedEntryDocument } from '@candle/documents';

/** Characters per write. A whole log may exceed the maximum length of a string. */
const blockLength = 64 * 1024;

/** Readable on light and dark terminals. Red is left to errors. */
const labelColors = ['cyan', 'yellow', 'green', 'magenta', 'blue'] as const;

export interface EntryStyle {
  /** `lines` is what the services printed, unchanged: without marks, and with carriage returns. `json` is one object per line. */
  readonly format: 'text' | 'lines' | 'json';
  /** Keep escape sequences in the output. */
  readonly color: boolean;
  /** Start each line with the time at which it was printed. */
  readonly timestamps: boolean;
  /** Start each line with the name of its service. If false, this begins with the second service. */
  readonly labels: boolean;
}

/** Writes log entries: lines as they were printed, and marks where runs start and end. */
export class EntryWriter {
  readonly #style: EntryStyle;
  readonly #write: (text: string) => void;
  readonly #labels = new Map<string, string>();
  #isLabelled: boolean;
  #lastService: string | undefined;
  /** The output ends with a line that has no newline yet. */
  #isLineOpen = false;

  constructor(style: EntryStyle, write: (text: string) => void) {
    this.#style = style;
    this.#write = write;
    this.#isLabelled = style.labels;
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
    if (this.#isLineOpen) this.#write('\n');
    this.#isLineOpen = false;
  }

  #render(serviceName: string, entry: LogEntry): string {
    const { format } = this.#style;
    if (format === 'json') return entryLine(serviceName, entry);
    if (format === 'lines' && entry.kind !== 'line') return '';
    const continuesLine = entry.kind === 'line' && entry.isContinuation && this.#isLineOpen;
    const before = this.#isLineOpen && !continuesLine ? '\n' : '';
    // With several services, the next line may come from another one.
    this.#isLineOpen = entry.kind === 'line' && entry.isPartial && !this.#isLabelled;
    const after = this.#isLineOpen ? '' : '\n';
    const label = this.#isLabelled ? `${this.#label(serviceName)} ` : '';
    return `${before}${continuesLine ? '' : label + this.#time(entry)}${this.#text(entry)}${after}`;
  }

  /** With colors, each service keeps the color that it gets first. */
  #label(serviceName: string): string {
    const known = this.#labels.get(serviceName);
    if (known !== undefined) return known;
    const color = this.#style.color ? labelColors[this.#labels.size % labelColors.length] : undefined;
    const plain = `[${serviceName}]`;
    const label = color === undefined ? plain : styleText(color, plain, { validateStream: false });
    this.#labels.set(serviceName, label);
    return label;
  }

  #time(entry: LogEntry): string {
    if (!this.#style.timestamps || entry.kind !== 'line') return '';
    return `${entry.atMs === null ? '-' : renderTimestamp(entry.atMs, entry.isApproximate)} `;
  }

  #text(entry: LogEntry): string {
    if (entry.kind === 'line') {
      const plain = stripLine(entry.text);
      const text = this.#style.color ? entry.text : plain;
      // The space distinguishes a printed line from a mark.
      if (this.#style.format === 'text' && markForm.test(plain)) return ` ${text}`;
      return entry.hasCarriageReturn && this.#style.format === 'lines' ? `${text}\r` : text;
    }
    const atMs = entry.kind === 'evicted' ? null : entry.atMs;
    const time = atMs === null || entry.kind === 'truncated' ? '' : ` ${localTime(atMs)}`;
    const reason = entry.kind === 'started' && entry.isPipedInstead ? `; ${pipedInsteadText}` : '';
    return `--- ${describeMark(entry)}${time}${reason} ---`;
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

/** What every mark looks like; see `describeMark`. */
const markForm =
  /^--- (?:started|restarted|stopped|start was|killed by|exited|the program truncated|earlier output was)\b.* ---$/;

function describeMark(mark: Exclude<LogEntry, { kind: 'line' }>): string {
  switch (mark.kind) {
    case 'started':
      return mark.attempt === 0 ? 'started' : `restarted (${mark.attempt})`;
    case 'ended':
      return describeEnd(mark);
    case 'truncated':
      return truncatedText;
    case 'evicted':
      return 'earlier output was evicted';
  }
}

function describeEnd({ reason, exitCode, exitSignal }: Extract<LogEntry, { kind: 'ended' }>): string {
  if (reason === 'stopped') return 'stopped';
  if (reason === 'replaced') return 'stopped for a restart';
  if (reason === 'interrupted') return 'start was interrupted';
  if (exitSignal !== null) return `killed by ${exitSignal}`;
  return exitCode === null ? 'exited (exit status unknown)' : `exited with code ${exitCode}`;
}

/** One entry as a line of JSON. */
function entryLine(serviceName: string, entry: LogEntry): string {
  const document: FollowedEntryDocument = {
    service: serviceName,
    ...logEntryDocument(entry),
  };
  return `${JSON.stringify(document)}\n`;
}

/** Whether to write escape sequences. Checks FORCE_COLOR first, then NO_COLOR, then whether the stream is a terminal. */
export function showsColor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  return !env.NO_COLOR && stream.isTTY === true;
}
