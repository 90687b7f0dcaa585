import type { Framework } from './framework.ts';
import { nodeFrameworks } from './node-frameworks.ts';
import { otherFrameworks } from './other-frameworks.ts';
import { pythonFrameworks } from './python-frameworks.ts';

/** How programs come to their port: each row seen in a run of them, in their documentation or in their source. */
export const frameworks: readonly Framework[] = [...nodeFrameworks, ...pythonFrameworks, ...otherFrameworks];
