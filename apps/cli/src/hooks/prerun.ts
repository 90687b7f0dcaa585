import { toUsageError } from '@candle/cli-kit';
import type { Hook } from '@oclif/core';
import { errorDocument } from '../present/present-error.ts';

/** With `--json`, oclif prints the error object of a command that is not built on cli-kit as it is: parser, config and all. */
const prerun: Hook.Prerun = async ({ Command }) => {
  Object.assign(Command.prototype, {
    toErrorJson: (error: unknown) => errorDocument(toUsageError(error, Command.id)),
  });
};

export default prerun;
