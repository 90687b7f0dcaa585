import { toUsageError } from '@candle/cli-kit';
import type { Hook } from '@oclif/core';
import { asPluginFailure } from '../plugins/plugin-failure.ts';
import { errorDocument } from '../present/present-error.ts';

/** With `--json`, oclif prints the error object of a command that is not built on cli-kit as it is: parser, config and all. */
const prerun: Hook.Prerun = async ({ Command }) => {
  const plugin = Command.plugin?.type === 'core' ? undefined : Command.plugin;
  Object.assign(Command.prototype, {
    toErrorJson: (error: unknown) => errorDocument(asPluginFailure(toUsageError(error, Command.id), plugin)),
  });
};

export default prerun;
