import type { CandleOptions, ProgramResult, Sandbox } from '@candle/test-kit';
import { expect } from 'vitest';

export type RunCandle = (args: readonly string[]) => Promise<ProgramResult>;

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
export async function refusal(run: RunCandle, [command, ...rest]: readonly [string, ...string[]]): Promise<Refusal> {
  const [plain, json] = await Promise.all([run([command, ...rest]), run([command, '--json', ...rest])]);
  expect(json).toMatchObject({ exitCode: 1, stderr: '' });
  const document = JSON.parse(json.stdout);
  expect(Object.keys(document)).toEqual(['error']);
  const error: Refusal = document.error;
  expect(Object.keys(error).toSorted()).toEqual(['code', 'details', 'hint', 'message']);
  expect(error.code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  expectRefusal(plain, error);
  return error;
}

/** What a person sees of a refusal that a script was told as `error`. */
export function expectRefusal(plain: ProgramResult, { code, message, hint }: Refusal): void {
  expect(code, plain.stderr).not.toBe('INTERNAL');
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
  const lines = [['get-reserved-port', 'api'], ['list-reserved-ports', '--all'], ['ps'], ['kill'], ['start', 'api']];
  for (const result of await Promise.all(lines.map(run))) expectRefusal(result, error);
  return error;
}
