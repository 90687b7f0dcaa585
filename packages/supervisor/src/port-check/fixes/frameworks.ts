import type { Framework } from './framework.ts';
import { nodeFrameworks } from './node-frameworks.ts';
import { otherFrameworks } from './other-frameworks.ts';
import { pythonFrameworks } from './python-frameworks.ts';

/**
 * How programs get their port. Flags and variables come from the documentation of each program; docs/reference/frameworks.md
 * lists the programs that are tested by running them.
 */
export const frameworks: readonly Framework[] = [...nodeFrameworks, ...pythonFrameworks, ...otherFrameworks];
