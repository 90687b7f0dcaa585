import { toUsageError } from '@candle/cli-kit';
import { misspelledKey } from '@candle/core/config';
import type { Hook } from '@oclif/core';
import { asPluginFailure, errorDocument } from '../present/present-error.ts';

/** Formats errors of commands that do not use cli-kit. With `--json`, oclif would print the whole error object. */
const prerun: Hook.Prerun = async ({ Command }) => {
  const plugin = Command.plugin?.type === 'core' ? undefined : Command.plugin;
  Object.assign(Command.prototype, {
    toErrorJson: (error: unknown) =>
      errorDocument(asPluginFailure(toUsageError(error, Command.id, misspelledKey), plugin)),
  });
};

export default prerun;
