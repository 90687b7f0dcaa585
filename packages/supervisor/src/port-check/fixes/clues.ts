import type { ServiceDefinition } from '@candle/core';
import type { PortCheck } from '../port-check.ts';
import type { ScriptCall } from './run-script.ts';

/** What is known of a run whose contract is broken. */
export interface Clues {
  readonly portCheck: PortCheck;
  readonly serviceName: string;
  /** As its service is defined now; undefined when it stands nowhere any more. */
  readonly definition: Pick<ServiceDefinition, 'isTransient' | 'port'> | undefined;
  /** The command that it was started with. */
  readonly shell: string;
  /** The script of package.json that this command runs, and its text. */
  readonly script: (ScriptCall & { readonly text: string }) | undefined;
  /** From the process that listens up to the one that was started; of a run that listens on nothing, all of its processes. */
  readonly commandLines: readonly string[];
  /** The variables that were to tell it the port, the most usual first. */
  readonly variables: readonly string[];
  /** The value that the listening process has of the first, null when it has none; undefined when that cannot be seen. */
  readonly value: string | null | undefined;
}
