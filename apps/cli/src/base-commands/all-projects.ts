import { Flags } from '@oclif/core';

/** Base flags of the commands for all projects: `--project` is hidden, and is rejected with a reason. */
export const allProjectsFlags = { project: Flags.string({ hidden: true }) };
