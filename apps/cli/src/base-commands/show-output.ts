import { followLogs } from '@candle/core/logs';
import { readKnownServices } from '@candle/core/services';
import type { OwnProjectCommand } from '../host/own-command.ts';
import { type EntryStyle, EntryWriter, showsColor } from '../present/log-entries.ts';

type FollowInput = Parameters<typeof followLogs>[1];

/** Writes log entries to stdout. */
export function stdoutWriter(style: Omit<EntryStyle, 'color'>): EntryWriter {
  const color = showsColor(process.stdout, process.env);
  return new EntryWriter({ ...style, color }, (text) => process.stdout.write(text));
}

/** Whether the output may come from several services, so that each line needs a label. */
export async function hasSeveral(
  { host }: OwnProjectCommand,
  projectDir: string,
  names: readonly string[],
): Promise<boolean> {
  if (names.length > 0) return new Set(names).size > 1;
  return (await readKnownServices(host.candle(), projectDir)).names.length > 1;
}

/** Shows new output until Ctrl-C, which counts as success. */
export async function showNewOutput(
  command: OwnProjectCommand,
  input: FollowInput,
  writer: Pick<EntryWriter, 'add'>,
  onInterrupt?: () => void,
): Promise<void> {
  exitCleanlyOnInterrupt(onInterrupt);
  await showOutput(command, input, writer);
}

/** Shows new output until the signal of `input`. */
export async function showOutput(
  { host }: OwnProjectCommand,
  input: FollowInput,
  writer: Pick<EntryWriter, 'add'>,
): Promise<void> {
  for await (const { serviceName, entries } of followLogs(host.candle(), input)) writer.add(serviceName, entries);
}

/** For a command that only observes: Ctrl-C is the usual way to end it. */
export function exitCleanlyOnInterrupt(onInterrupt?: () => void): void {
  exitOnInterrupt(0, onInterrupt);
}

/** Replaces the reaction to Ctrl-C. */
export function exitOnInterrupt(exitCode: number, onInterrupt?: () => void): void {
  process.removeAllListeners('SIGINT');
  process.once('SIGINT', () => {
    onInterrupt?.();
    process.exit(exitCode);
  });
}
