import type { Contract } from '../contract.ts';
import type { ScriptCall } from './run-script.ts';

/** What is known of a run whose contract is broken. */
export interface Clues {
  readonly contract: Contract;
  readonly serviceName: string;
  /** The command that it was started with. */
  readonly shell: string;
  /** The script of package.json that this command runs, and its text. */
  readonly script: (ScriptCall & { readonly text: string }) | undefined;
  /** From the process that listens up to the one that was started; of a run that listens on nothing, all of its processes. */
  readonly commandLines: readonly string[];
  /** The variable that was to tell it the port; undefined when none was. */
  readonly variable: string | undefined;
  /** The value that the listening process has of it, null when it has none; undefined when that cannot be seen. */
  readonly value: string | null | undefined;
}
