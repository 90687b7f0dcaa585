import { describeHookFailure, hookFailureHint, listHookFailures } from '@candle/core/events';
import { type Check, ok, problem, warning } from './check.ts';

/** The CLI refuses to run on an older Node, but other callers may not. */
const oldestNode: readonly [number, number] = [22, 18];

/** Reports the versions of Node and Candle. */
export const checkVersions: Check = {
  name: 'versions',
  run: ({ candleVersion }) => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const sentence = `Candle ${candleVersion} on Node ${process.versions.node} (${process.platform}, ${process.arch})`;
    const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
    return isOld
      ? [problem(`${sentence}: this Node is too old`, `Use Node ${oldestNode.join('.')} or newer`)]
      : ok(sentence);
  },
};

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
