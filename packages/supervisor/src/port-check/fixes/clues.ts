import type { ServiceDefinition } from '@candle/core';
import type { PortCheck } from '../port-check.ts';
import type { ScriptCall } from './run-script.ts';

/** What is known about a run whose port check is not fine. */
export interface Clues {
  readonly portCheck: PortCheck;
  readonly serviceName: string;
  /** The current definition of its service; undefined if there is none any more. */
  readonly definition: Pick<ServiceDefinition, 'isTransient' | 'port'> | undefined;
  /** The command that started it. */
  readonly shell: string;
  /** The package.json script that this command runs, and the text of the script. */
  readonly script: (ScriptCall & { readonly text: string }) | undefined;
  /**
   * From the listening process up to the one that was started. For a run that does not listen on any port, all of its
   * processes.
   */
  readonly commandLines: readonly string[];
  /** The variables that should pass it the port, the most common one first. */
  readonly variables: readonly string[];
  /** The value of the first variable in the listening process; null if it is not set, undefined if it cannot be read. */
  readonly value: string | null | undefined;
}
