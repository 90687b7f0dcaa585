import { followLogs } from '@candle/core/logs';
import { readKnownServices } from '@candle/core/services';
import type { OwnProjectCommand } from '../host/own-command.ts';
import { loadUsedParts } from '../host/run-own-command.ts';
import { terminalOf, writeOutput } from '../host/write-output.ts';
import { type EntryStyle, EntryWriter, labelWidthOf, showsColor } from '../present/log-entries.ts';

type FollowInput = Parameters<typeof followLogs>[1];

type OutputStyle = Pick<EntryStyle, 'format' | 'timestamps'>;

/**
 * Writes log entries of services to stdout, with labels if there are several. On a terminal, the labels are aligned, and
 * each service of the project has the same color in all commands. `shown`: the services, or empty for all of the project.
 */
export async function openStdoutWriter(
  { host }: OwnProjectCommand,
  { projectDir, shown }: { readonly projectDir: string; readonly shown: readonly string[] },
  style: OutputStyle,
): Promise<EntryWriter> {
  const terminal = terminalOf('stdout');
  const color = showsColor(terminal, process.env);
  const isAll = shown.length === 0;
  const names = color || isAll ? (await readKnownServices(host.candle(), projectDir)).listed : [];
  const labelled = new Set(isAll ? names : shown);
  const labels = labelled.size > 1;
  const labelWidth = labels && terminal.isTTY ? labelWidthOf([...labelled]) : 0;
  return new EntryWriter({ ...style, color, names, labels, labelWidth }, (text) => writeOutput('stdout', text));
}

/** Shows new output until Ctrl-C, which counts as success. */
export async function showNewOutput(
  command: OwnProjectCommand,
  input: FollowInput,
  writer: Pick<EntryWriter, 'add'>,
  onInterrupt?: () => void,
): Promise<void> {
  exitCleanlyOnInterrupt(onInterrupt);
  noteInterrupt(command);
  await showOutput(command, input, writer);
}

/** Tells a user how to leave. @param effect what Ctrl-C does to the services */
export function noteInterrupt(command: OwnProjectCommand, effect = 'the services keep running'): void {
  if (process.stdout.isTTY) command.note(`Press Ctrl-C to leave; ${effect}`);
}

/** Shows new output until the signal of `input`. */
export async function showOutput(
  { host, config }: OwnProjectCommand,
  input: FollowInput,
  writer: Pick<EntryWriter, 'add'>,
): Promise<void> {
  loadUsedParts(config.root);
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
