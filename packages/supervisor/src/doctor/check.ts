import type { ConfigReading } from '@candle/core/config';
import type { Hint } from '@candle/core/errors';
import type { Supervision } from '../supervision.ts';
import type { ProcessTable } from '../system/process-table.ts';

export type CheckStatus = 'ok' | 'warning' | 'problem';

/** The result of one check. A check may have several. */
export interface Finding {
  readonly status: CheckStatus;
  /** A sentence without a full stop. */
  readonly message: string;
  /** What to do about it, preferably a command to paste. */
  readonly hint?: Hint | undefined;
}

export interface DoctorContext {
  readonly stateDir: string;
  /** Version of the calling CLI. */
  readonly candleVersion: string;
  /** Names of the user's plugins. */
  readonly installedPlugins: readonly string[];
  /** Reads the configuration of the current directory; undefined if it belongs to no configured project. */
  readonly readConfig: () => Promise<ConfigReading | undefined>;
  readonly processes: ProcessTable;
  /** Undefined if there is no usable database: the doctor neither creates nor repairs one. */
  readonly supervision: Supervision | undefined;
}

/** Checks one thing. It may throw: the doctor reports the error as a finding. */
export interface Check {
  readonly name: string;
  run(context: DoctorContext): Promise<readonly Finding[]> | readonly Finding[];
}

export function ok(message: string): readonly Finding[] {
  return [{ status: 'ok', message }];
}

export function warning(message: string, hint?: Hint): Finding {
  return { status: 'warning', message, hint };
}

export function problem(message: string, hint?: Hint): Finding {
  return { status: 'problem', message, hint };
}

/** Formats a number with the singular or plural of a noun and its verb: `1 service is`, `2 services are`. */
export function counted(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
