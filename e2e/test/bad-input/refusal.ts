import type { CandleOptions, ProgramResult, Sandbox } from '@candle/test-kit';
import { expect } from 'vitest';

export type RunCandle = (args: readonly string[]) => Promise<ProgramResult>;

/** A command and what follows it. */
export type CommandLine = readonly [string, ...string[]];

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** How a sandbox runs the CLI, with these options each time. */
export function inSandbox(box: Sandbox, options?: CandleOptions): RunCandle {
  return (args) => box.candle(args, options);
}

/**
 * Gives a command line to candle as a person and as a script, and checks what all refusals have in common: exit 1, the
 * sentence first, then the way out, no stack; with `--json` one object on stdout and nothing on stderr.
 */
export async function refusal(run: RunCandle, line: CommandLine): Promise<Refusal> {
  // One after the other: of two starts at once, one would tell of the other.
  const error = await jsonRefusal(run, line);
  expectRefusal(await run(line), error);
  return error;
}

/** The half of it that a script sees. */
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

/** What a person sees of the refusal that a script was told as `error`. */
export function expectRefusal(plain: ProgramResult, { code, message, hint }: Refusal): void {
  expect(plain).toMatchObject({ exitCode: 1, stdout: '' });
  expect(hint).not.toBe('');
  expect(plain.stderr.startsWith(`Error: ${message}\n${hint}\n`), plain.stderr).toBe(true);
  // Of a configuration all faults are told, one a line; everything else is one sentence.
  if (code !== 'CONFIG_INVALID') expect(message).not.toContain('\n');
  expect(plain.stderr).not.toMatch(/^\s+at |node:internal/m);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none may reach a terminal
  expect(plain.stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
}

/** The one refusal of everything that needs the ledger. */
export async function refusalOfAll(run: RunCandle): Promise<Refusal> {
  const error = await refusal(run, ['reserve-port', 'api']);
  const lines = [['ps'], ['kill'], ['start', 'api']];
  for (const result of await Promise.all(lines.map(run))) expectRefusal(result, error);
  return error;
}
