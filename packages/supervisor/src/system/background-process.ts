import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';

/**
 * An option of Node.js for every process that outlives a command. Without it, SIGUSR1 opens a debugger on a local port, through
 * which every user of the machine can run code as the owner of the process.
 */
export const noDebugger = '--disable-sigusr1';

/** O_CLOEXEC as shown in fdinfo, the same on every architecture that Node supports. */
const closeOnExec = 0o2000000;
const lastStandardFd = 2;

/**
 * Closes the descriptors that this process inherited from its caller, except stdin, stdout and stderr: for example a
 * lock, or a pipe whose reader waits for end of file. A service would keep them open for as long as it runs. Node
 * closes only low descriptors on its own and cannot set close-on-exec for the others; descriptors that Node opens have
 * it set. On macOS a child inherits only the descriptors that it is given explicitly.
 */
export function closeInherited(platform: NodeJS.Platform = process.platform): void {
  if (platform === 'darwin') return;
  for (const fd of readdirSync('/proc/self/fd').map(Number)) {
    if (fd > lastStandardFd && isInherited(fd)) closeSync(fd);
  }
}

function isInherited(fd: number): boolean {
  try {
    const [, flags] = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')) ?? [];
    return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    return false; // the descriptor that was used to read the directory
  }
}

/**
 * The locations of the user's plugins and their settings, the locale, and access to the desktop, because a plugin may show a
 * notification. Nothing else is passed on: the caller may be a service, or a shell with secrets in its environment.
 */
const passedOn = [
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'XDG_DATA_HOME',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  'XDG_STATE_HOME',
  'XDG_RUNTIME_DIR',
  'CANDLE_DATA_DIR',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'DBUS_SESSION_BUS_ADDRESS',
];

/**
 * The environment of plugin hooks. It is the same whether a command or the supervisor raises the event, so that a hook that
 * works for one also works for the other. The supervisor is started with it too.
 */
export function eventEnvironment(
  callerEnv: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const passed = passedOn.flatMap((name) => (callerEnv[name] === undefined ? [] : [[name, callerEnv[name]]]));
  return { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', ...Object.fromEntries(passed) };
}

/**
 * How `/bin/sh` runs a command that is passed in a variable, because every user of the machine can read the arguments of
 * every process.
 */
export function runVariable(
  name: string,
  shell: string,
): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  return { args: ['-c', `eval "unset ${name}\n$${name}"`], env: { [name]: shell } };
}

/**
 * Claims the start of a background process: creates a file, which replaces one that is too old. Returns false if another process
 * has the claim.
 */
export function claimStart(path: string, { lastsMs, nowMs }: { lastsMs: number; nowMs: number }): boolean {
  const ageMs = nowMs - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs);
  if (Math.abs(ageMs) > lastsMs) rmSync(path, { force: true });
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return true;
  } catch {
    return false;
  }
}
