import type { Supervision } from '../supervision.ts';
import type { ProcessTable } from '../system/process-table.ts';

export type CheckStatus = 'ok' | 'warning' | 'problem';

/** What one look at one thing found. */
export interface Finding {
  readonly status: CheckStatus;
  /** A sentence without a full stop. */
  readonly message: string;
  /** What to do about it, best a command to paste. */
  readonly hint?: string | undefined;
}

export interface DoctorContext {
  readonly stateDir: string;
  /** Of the CLI that asks. */
  readonly candleVersion: string;
  /** Names of the user's plugins. */
  readonly installedPlugins: readonly string[];
  readonly processes: ProcessTable;
  /** Undefined when there is no ledger yet, or it cannot be used: a doctor neither makes nor mends one. */
  readonly supervision: Supervision | undefined;
}

/** One check = one file; each looks at one thing and may throw: the doctor tells what it threw. */
export interface Check {
  readonly name: string;
  run(context: DoctorContext): Promise<readonly Finding[]> | readonly Finding[];
}

export function ok(message: string): readonly Finding[] {
  return [{ status: 'ok', message }];
}

export function warning(message: string, hint?: string): Finding {
  return { status: 'warning', message, hint };
}

export function problem(message: string, hint?: string): Finding {
  return { status: 'problem', message, hint };
}

/** `1 service runs`, `2 services run`: the noun and the verb as one and as many have them. */
export function counted(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
