import type { CandleOptions, ProgramResult, Sandbox } from '@candle/test-kit';
import { expect } from 'vitest';

export type RunCandle = (args: readonly string[]) => Promise<ProgramResult>;

/** A command and its arguments. */
export type CommandLine = readonly [string, ...string[]];

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Returns a function that runs the CLI in this sandbox with these options. */
export function inSandbox(box: Sandbox, options?: CandleOptions): RunCandle {
  return (args) => box.candle(args, options);
}

/**
 * Runs a command line with and without `--json`, and checks what all errors have in common: exit code 1; the message
 * first, then the hint, and no stack trace; with `--json` one object on stdout and nothing on stderr.
 */
export async function refusal(run: RunCandle, line: CommandLine): Promise<Refusal> {
  // Run one after the other: of two concurrent starts, one would report the other.
  const error = await jsonRefusal(run, line);
  expectRefusal(await run(line), error);
  return error;
}

/** Runs a command line with `--json`, checks the error document, and returns the error. */
export async function jsonRefusal(run: RunCandle, [command, ...rest]: CommandLine): Promise<Refusal> {
  const json = await run([command, '--json', ...rest]);
  expect(json).toMatchObject({ exitCode: 1, stderr: '' });
  const document = JSON.parse(json.stdout);
  expect(Object.keys(document)).toEqual(['error']);
  const error: Refusal = document.error;
  expect(Object.keys(error).toSorted()).toEqual(['code', 'details', 'hint', 'message']);
  expect(error.code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  expect(error.code, json.stdout).not.toBe('INTERNAL');
  return error;
}

/** Checks that the output without `--json` matches the error that `--json` printed. */
export function expectRefusal(plain: ProgramResult, { code, message, hint }: Refusal): void {
  expect(plain).toMatchObject({ exitCode: 1, stdout: '' });
  expect(hint).not.toBe('');
  expect(plain.stderr.startsWith(`Error: ${message}\n${hint}\n`), plain.stderr).toBe(true);
  // An invalid configuration is reported with one problem per line; every other message is a single line.
  if (code !== 'CONFIG_INVALID') expect(message).not.toContain('\n');
  expect(plain.stderr).not.toMatch(/^\s+at |node:internal/m);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must not reach a terminal
  expect(plain.stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
}

/** Checks that commands that need the database all fail with the same error, and returns it. */
export async function refusalOfAll(run: RunCandle): Promise<Refusal> {
  const error = await refusal(run, ['reserve-port', 'api']);
  const lines = [['ps'], ['kill'], ['start', 'api']];
  for (const result of await Promise.all(lines.map(run))) expectRefusal(result, error);
  return error;
}
