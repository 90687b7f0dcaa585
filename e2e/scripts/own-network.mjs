import { spawnSync } from 'node:child_process';

const ownNetwork = ['--net', '--', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

/** It takes root, util-linux and iproute2. */
export const canHaveOwnNetwork = spawnSync('unshare', [...ownNetwork, 'true'], { stdio: 'ignore' }).status === 0;

/** The command line, in a network namespace of its own where that is allowed: with its own ports, and no way out. */
export function inOwnNetwork(commandLine) {
  return canHaveOwnNetwork ? ['unshare', ...ownNetwork, ...commandLine] : commandLine;
}
