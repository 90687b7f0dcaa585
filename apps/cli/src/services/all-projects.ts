import { Flags } from '@oclif/core';

/** Base flags of the commands on every project: `--project` is not shown, and refused with a reason when it is given. */
export const allProjectsFlags = { project: Flags.string({ hidden: true }) };
