/** Set by WSL in every shell. Pages open in the Windows browser, without a Linux display. */
const wslMarks = ['WSL_DISTRO_NAME', 'WSL_INTEROP'];
const displays = ['DISPLAY', 'WAYLAND_DISPLAY'];

/** Whether a web page can be shown to the user. Pure. */
export function hasDisplay(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean {
  if (platform === 'darwin') return true;
  return [...displays, ...wslMarks].some((name) => Boolean(env[name]));
}
