import type { Framework } from './framework.ts';
import { nodeFrameworks } from './node-frameworks.ts';
import { otherFrameworks } from './other-frameworks.ts';
import { pythonFrameworks } from './python-frameworks.ts';

/**
 * How programs come to their port. Flags and variables are those that the program itself documents; which of the programs are
 * tried by running them, docs/reference/frameworks.md tells.
 */
export const frameworks: readonly Framework[] = [...nodeFrameworks, ...pythonFrameworks, ...otherFrameworks];
