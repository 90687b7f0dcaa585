import { describeHookFailure, hookFailureHint, listHookFailures } from '@candle/core';
import { type Check, ok, warning } from './check.ts';

/** Which plugins did not do their work when they were told of an event? Nobody is held up by them, so nobody else notices. */
export const checkHooks: Check = {
  name: 'hooks',
  run: ({ stateDir, installedPlugins }) => {
    const failures = listHookFailures(stateDir).filter(({ plugin }) => installedPlugins.includes(plugin));
    if (failures.length === 0) return ok('No plugin has failed when it was told of an event');
    return failures.map((failure) => {
      const since = new Date(failure.atMs).toISOString();
      return warning(`${describeHookFailure(failure)} (${since})`, hookFailureHint(stateDir, failure));
    });
  },
};
