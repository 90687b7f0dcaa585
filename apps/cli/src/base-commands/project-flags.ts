import { Flags } from '@oclif/core';

/** Base flags of the commands for all projects: `--project` is hidden, and is rejected with a reason. */
export const allProjectsFlags = { project: Flags.string({ hidden: true }) };

/** Base flags of the commands that also work for a project whose directory was deleted. */
export const deletedProjectFlags = {
  project: Flags.string({
    helpValue: 'DIR',
    summary: 'Project directory (default: the project of the current directory). A deleted directory works too.',
  }),
};
