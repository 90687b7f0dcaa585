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
