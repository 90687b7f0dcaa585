import { spawnSync } from 'node:child_process';

const withLoopback = (exec) => ['--net', '--', 'sh', '-c', `ip link set lo up && exec ${exec} "$@"`, 'sh'];
const [uid, gid] = [process.getuid(), process.getgid()];

/**
 * Commands that run another command in a separate network namespace. A user other than root needs a user namespace, in
 * which it is root, and in it another one, in which it is the same user as before. Otherwise the tests would ignore the
 * permissions of files.
 */
const wrappers = [
  ['unshare', ...withLoopback('')],
  ['unshare', '--map-root-user', ...withLoopback(`unshare --map-user=${uid} --map-group=${gid} --`)],
];

const wrapper = process.env.OWN_NETWORK === 'off' ? undefined : wrappers.find(works);

function works([command, ...args]) {
  return spawnSync(command, [...args, 'true'], { stdio: 'ignore' }).status === 0;
}

/** Whether this user may create network namespaces. This requires util-linux and iproute2. */
export const canHaveOwnNetwork = wrapper !== undefined;

/**
 * Wraps a command line to run in a separate network namespace if that is allowed: with its own ports, and without access
 * to other networks.
 */
export function inOwnNetwork(commandLine) {
  return [...(wrapper ?? []), ...commandLine];
}
