import { followLogs, type LinePattern, type LogEntry, linePattern, readKnownServices } from '@candle/core';
import { type EntryStyle, EntryWriter, entryLine } from '../present/entry-writer.ts';
import { showsColor } from '../present/shows-color.ts';
import { ServiceCommand } from './service-command.ts';

type FollowInput = Parameters<typeof followLogs>[1];

/** Shows log entries of services as text, or as one line of JSON each. */
export type ShowEntries = (serviceName: string, entries: readonly LogEntry[]) => void;

/** Shared by the commands that show output. */
export abstract class LogCommand extends ServiceCommand {
  protected entryWriter(style: Omit<EntryStyle, 'color'>): EntryWriter {
    const color = showsColor(process.stdout, process.env);
    return new EntryWriter({ ...style, color }, (text) => process.stdout.write(text));
  }

  /** Shows entries as they arrive: with `--json`, one object per line. */
  protected showEntries(style: Omit<EntryStyle, 'color'>): ShowEntries {
    const writer = this.entryWriter(style);
    if (!this.jsonEnabled()) return (serviceName, entries) => writer.add(serviceName, entries);
    return (serviceName, entries) =>
      void process.stdout.write(entries.map((entry) => entryLine(serviceName, entry)).join(''));
  }

  /** Whether the output may come from several services. */
  protected async hasSeveral(projectDir: string, names: readonly string[]): Promise<boolean> {
    if (names.length > 0) return new Set(names).size > 1;
    return (await readKnownServices(this.host.candle(), projectDir)).names.length > 1;
  }

  /** Shows new output until Ctrl-C, which counts as success. */
  protected async follow(input: FollowInput, show: ShowEntries): Promise<void> {
    this.exitCleanlyOnInterrupt();
    for await (const { serviceName, entries } of followLogs(this.host.candle(), input)) show(serviceName, entries);
  }

  protected exitCleanlyOnInterrupt(): void {
    process.removeAllListeners('SIGINT');
    process.once('SIGINT', () => process.exit(0));
  }

  protected pattern(flags: { grep?: string | undefined; regex: boolean }): LinePattern | undefined {
    return flags.grep === undefined ? undefined : linePattern(flags.grep, { isRegex: flags.regex });
  }
}
