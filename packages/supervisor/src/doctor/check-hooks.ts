import { describeHookFailure, hookFailureHint, listHookFailures } from '@candle/core';
import { type Check, ok, warning } from './check.ts';

/** Lists plugin hooks that failed on an event. No command waits for hooks, so their failures are easy to miss. */
export const checkHooks: Check = {
  name: 'hooks',
  run: ({ stateDir, installedPlugins }) => {
    const failures = listHookFailures(stateDir).filter(({ plugin }) => installedPlugins.includes(plugin));
    if (failures.length === 0) return ok('No plugin hook has failed');
    return failures.map((failure) => {
      const since = new Date(failure.atMs).toISOString();
      return warning(`${describeHookFailure(failure)} (${since})`, hookFailureHint(stateDir, failure));
    });
  },
};
