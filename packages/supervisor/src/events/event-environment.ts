/**
 * Where the user's plugins and their settings are, how the user reads, and how to reach the user's desktop (a plugin may want
 * to show a note). Nothing else of the caller's: it may be a service itself, or in a shell with secrets.
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
 * What plugins are told of events with. The same whoever announces, a command or the supervisor: a hook that works in one
 * works in the other, so the supervisor is started with it too.
 */
export function eventEnvironment(
  callerEnv: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const passed = passedOn.flatMap((name) => (callerEnv[name] === undefined ? [] : [[name, callerEnv[name]]]));
  return { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', ...Object.fromEntries(passed) };
}
