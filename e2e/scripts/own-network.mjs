import { spawnSync } from 'node:child_process';

const ownNetwork = ['--net', '--', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

/** Whether this user may create network namespaces. This requires root, util-linux and iproute2. */
export const canHaveOwnNetwork = spawnSync('unshare', [...ownNetwork, 'true'], { stdio: 'ignore' }).status === 0;

/**
 * Wraps a command line to run in a separate network namespace if that is allowed: with its own ports, and without access
 * to other networks.
 */
export function inOwnNetwork(commandLine) {
  return canHaveOwnNetwork ? ['unshare', ...ownNetwork, ...commandLine] : commandLine;
}
