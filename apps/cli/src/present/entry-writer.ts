import { stripVTControlCharacters } from 'node:util';
import { type LogEntry, type LogEntryDocument, localTime, logEntryDocument } from '@candle/core';

/** Characters that are written at once. All of a log may be more than one string holds. */
const blockLength = 64 * 1024;

export interface EntryStyle {
  /** Escape sequences are shown as they are. */
  readonly color: boolean;
  /** Each line begins with the time when it was printed. */
  readonly timestamps: boolean;
  /** Each line begins with the name of its service; otherwise as soon as there are several. */
  readonly labels: boolean;
}

/** Writes entries of services as lines for people: as they were printed, runs marked. */
export class EntryWriter {
  readonly #style: EntryStyle;
  readonly #write: (text: string) => void;
  #isLabelled: boolean;
  #lastService: string | undefined;
  /** A line without its newline stands at the end. */
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

  /** Nothing more comes: a line that stands open is ended, as what follows on the terminal is not the service's. */
  end(): void {
    if (this.#isLineOpen) this.#write('\n');
    this.#isLineOpen = false;
  }

  #render(serviceName: string, entry: LogEntry): string {
    const isGoingOn = entry.kind === 'line' && entry.isContinuation && this.#isLineOpen;
    const before = this.#isLineOpen && !isGoingOn ? '\n' : '';
    // Of several services, another one may be the next to write.
    this.#isLineOpen = entry.kind === 'line' && entry.isPartial && !this.#isLabelled;
    const after = this.#isLineOpen ? '' : '\n';
    const label = this.#isLabelled ? `[${serviceName}] ` : '';
    return `${before}${isGoingOn ? '' : label + this.#time(entry)}${this.#text(entry)}${after}`;
  }

  #time(entry: LogEntry): string {
    if (!this.#style.timestamps || entry.kind !== 'line') return '';
    return `${entry.atMs === null ? '-' : renderTimestamp(entry.atMs, entry.isApproximate)} `;
  }

  #text(entry: LogEntry): string {
    if (entry.kind === 'line') return this.#style.color ? entry.text : stripVTControlCharacters(entry.text);
    const atMs = entry.kind === 'evicted' ? null : entry.atMs;
    return `--- ${describeMark(entry)}${atMs === null || entry.kind === 'truncated' ? '' : ` ${localTime(atMs)}`} ---`;
  }
}

/** Local time to the millisecond; one that is only known to be no later has a `~` before it. */
export function renderTimestamp(atMs: number, isApproximate: boolean): string {
  const time = new Date(atMs);
  const two = (part: number) => String(part).padStart(2, '0');
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return `${isApproximate ? '~' : ''}${date} ${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

function describeMark(mark: Exclude<LogEntry, { kind: 'line' }>): string {
  switch (mark.kind) {
    case 'started':
      return mark.attempt === 0 ? 'started' : `restarted (${mark.attempt})`;
    case 'ended':
      return describeEnd(mark);
    case 'truncated':
      return 'the program truncated its own output';
    case 'evicted':
      return 'earlier output was evicted';
  }
}

function describeEnd({ reason, exitCode, exitSignal }: Extract<LogEntry, { kind: 'ended' }>): string {
  if (reason === 'stopped') return 'stopped';
  if (reason === 'replaced') return 'stopped, to be started again';
  if (reason === 'interrupted') return 'start was interrupted';
  if (exitSignal !== null) return `ended by ${exitSignal}`;
  return exitCode === null ? 'ended, nobody saw how' : `exited with code ${exitCode}`;
}

/** One entry as a line of JSON. */
export function entryLine(serviceName: string, entry: LogEntry): string {
  const document: { readonly service: string } & LogEntryDocument = {
    service: serviceName,
    ...logEntryDocument(entry),
  };
  return `${JSON.stringify(document)}\n`;
}
